/** xlsx: every cell read back by a reader that is not ours, and what a spreadsheet shows of it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Open } from 'unzipper';
import { readXlsx } from 'hucre/xlsx';
import { COLUMN_NAMES, FIELD_NAMES } from '../../../src/rows/columns.ts';
import { xlsx } from '../../../src/rows/formats/xlsx.ts';
import { HOSTILE_AMOUNTS, hostileRows } from '../../support/spreadsheet-cells.ts';
import { rowsOf } from '../../support/desk.ts';

type Row = Record<string, string>;
const EMPTY: Row = Object.fromEntries(FIELD_NAMES.map((name) => [name, '']));

async function write(count: number, pieces: Iterable<string>): Promise<Buffer> {
  const document = xlsx.write(
    { id: 'r', member: 'TIB', processDate: '20250505' },
    rowsOf(pieces, count),
  );
  return Buffer.concat(await Array.fromAsync(document));
}

const workbookOf = (rows: readonly Row[]): Promise<Buffer> =>
  write(rows.length, [rows.map((row) => `${JSON.stringify(row)}\n`).join('')]);

/** The text of a part, by unzipper. */
async function part(workbook: Buffer, path: string): Promise<string> {
  const { files } = await Open.buffer(workbook);
  const file = files.find((one) => one.path === path);
  assert.ok(file, path);
  return String(await file.buffer());
}

test('every text is the same text, and every number the same number', async () => {
  const control = { ...EMPTY, addDefCode: 'a\rb\u0000\u001f\ufffe_x0041_\ud800.', mic: ' a\t\n ' };
  const rows: Row[] = [...hostileRows(500, 7), control];
  const { sheets } = await readXlsx(await workbookOf(rows));
  assert.deepEqual(sheets[0]?.rows[0], COLUMN_NAMES);
  for (const [at, row] of rows.entries()) {
    const cells: readonly unknown[] = sheets[0]?.rows[at + 1] ?? [];
    for (const [column, name] of FIELD_NAMES.entries()) {
      const cell: unknown = cells[column] ?? '';
      const wanted = typeof cell === 'number' ? Number(row[name]) : row[name];
      assert.equal(cell, wanted, `row ${at} ${name}`);
      if (typeof cell === 'number') assert.equal(name, 'balanceAmount');
    }
  }
});

test('an amount is a number where a double holds every digit, with the decimals that MKS wrote', async () => {
  const rows = HOSTILE_AMOUNTS.map((balanceAmount) => ({ ...EMPTY, balanceAmount }));
  const workbook = await workbookOf(rows);
  const sheet = await part(workbook, 'xl/worksheets/sheet1.xml');
  const styles = await part(workbook, 'xl/styles.xml');
  const [, formats = ''] = /<cellXfs[^>]*>(.*)<\/cellXfs>/.exec(styles) ?? [];
  const numberFormats = [...formats.matchAll(/numFmtId="(\d+)"/g)].map(([, id]) => id);
  let numbers = 0;
  for (const [at, amount] of HOSTILE_AMOUNTS.entries()) {
    const cell = new RegExp(`<c r="I${at + 2}" s="(\\d+)"><v>([^<]*)</v>`).exec(sheet);
    const digits = amount.replace(/[-.]/g, '').replace(/^0+|0+$/g, '');
    if (cell === null) {
      assert.ok(amount.length > 31 || digits.length > 15 || /^(?:-0|00)/.test(amount), amount);
      continue;
    }
    numbers++;
    assert.equal(cell[2], amount);
    assert.ok(digits.length <= 15, amount);
    const code = new RegExp(
      `numFmtId="${numberFormats[Number(cell[1])]}" formatCode="([^"]*)"`,
    ).exec(styles)?.[1];
    assert.equal(
      code,
      amount.replace(/^-?\d+/, '0').replace(/(?<=\.)\d+/, (all) => '0'.repeat(all.length)),
    );
  }
  assert.ok(numbers > 8);
});

test('the header is frozen and can be filtered, also where there are no rows', async () => {
  for (const [rows, range] of [
    [[], 'A1:I1'],
    [[EMPTY, EMPTY], 'A1:I3'],
  ] as const) {
    const workbook = await workbookOf(rows);
    const sheet = await part(workbook, 'xl/worksheets/sheet1.xml');
    assert.match(sheet, /<pane ySplit="1" topLeftCell="A2"[^>]*state="frozen"\/>/);
    assert.ok(sheet.includes(`<autoFilter ref="${range}"/>`));
    const { sheets } = await readXlsx(workbook);
    assert.deepEqual(
      sheets.map(({ name }) => name),
      ['BAKIYE'],
    );
  }
});

test('what a sheet cannot hold goes on in the next', { timeout: 300_000 }, async () => {
  const piece = `${JSON.stringify({ isin: 'X' })}\n`.repeat(1_000);
  const workbook = await write(
    1_049_000,
    Array.from({ length: 1_049 }, () => piece),
  );
  const [first, second] = await Promise.all(
    [1, 2].map((n) => part(workbook, `xl/worksheets/sheet${n}.xml`)),
  );
  assert.equal(first?.match(/<row /g)?.length, 1_048_576);
  assert.equal(second?.match(/<row /g)?.length, 426);
  assert.match(
    await part(workbook, 'xl/workbook.xml'),
    /name="BAKIYE"[^>]*\/><sheet name="BAKIYE 2"/,
  );
});

test('a text that no cell can hold is replaced by a word, and not cut', async () => {
  const texts = ['x'.repeat(32_768), 'y'.repeat(32_767)];
  const { sheets } = await readXlsx(
    await workbookOf(texts.map((addDefCode) => ({ ...EMPTY, addDefCode }))),
  );
  assert.match(String(sheets[0]?.rows[1]?.[7]), /^\(32768 characters are too many/);
  assert.equal(sheets[0]?.rows[2]?.[7], texts[1]);
});

test('the same rows are the same bytes', async () => {
  const rows = hostileRows(100, 3);
  assert.deepEqual(await workbookOf(rows), await workbookOf(rows));
});

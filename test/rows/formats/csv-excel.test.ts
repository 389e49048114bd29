/** csv-excel: what a spreadsheet would change is guarded, and every cell says what MKS wrote. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { FIELD_NAMES } from '../../../src/rows/columns.ts';
import { csvExcel } from '../../../src/rows/formats/csv-excel.ts';
import { HOSTILE_AMOUNTS, HOSTILE_TEXTS, hostileRows } from '../../support/spreadsheet-cells.ts';
import { rowsOf } from '../../support/desk.ts';

async function cellsOf(rows: readonly Record<string, string>[]): Promise<string[][]> {
  const document = csvExcel.write(
    { id: 'r', member: 'TIB', processDate: '20250505' },
    rowsOf([rows.map((row) => `${JSON.stringify(row)}\n`).join('')], rows.length),
  );
  const text = Buffer.concat(await Array.fromAsync(document));
  return parse(text, { delimiter: ';', bom: true, fromLine: 1, relaxColumnCount: false }).slice(1);
}

async function cellOf(field: string, value: string): Promise<string> {
  const empty = Object.fromEntries(FIELD_NAMES.map((name) => [name, '']));
  const [row = []] = await cellsOf([{ ...empty, [field]: value }]);
  return row[FIELD_NAMES.indexOf(field as (typeof FIELD_NAMES)[number])] ?? '';
}

/** The value of `="…"&"…"`, or the cell itself. */
function valueOf(cell: string): string {
  if (!cell.startsWith('=')) return cell;
  assert.match(cell, /^="(?:[^"]|"")*"(?:&"(?:[^"]|"")*")*$/);
  for (const [literal] of cell.matchAll(/"((?:[^"]|"")*)"/g)) {
    assert.ok(literal.replaceAll('""', '"').length <= 255 + 2);
  }
  return [...cell.matchAll(/"((?:[^"]|"")*)"/g)]
    .map(([, literal = '']) => literal.replaceAll('""', '"'))
    .join('');
}

test('every text says what it said, whatever it is', async () => {
  const rows = hostileRows(500, 7);
  const cells = await cellsOf(rows);
  for (const [at, row] of rows.entries()) {
    const expected = { ...row, balanceAmount: row.balanceAmount.replace('.', ',') };
    assert.deepEqual(cells[at]?.map(valueOf), Object.values(expected));
  }
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 600 }), async (text) => {
      assert.equal(valueOf(await cellOf('addDefCode', text)), text);
    }),
  );
});

test('a text that a spreadsheet would change is guarded', async () => {
  const changed = HOSTILE_TEXTS.filter((text) => /^[=+\-@\t0-9( ']/.test(text)).filter(
    (text) => !/^(?:0|[1-9]\d{0,10})$|\n/.test(text),
  );
  assert.ok(changed.length > 30);
  for (const text of [...changed, 'TRUE', 'doğru', 'YANLIŞ', 'MAR1', 'Oca 5', 'TL5', '₺5', '%5']) {
    assert.match(await cellOf('mbrAccNo', text), /^="/, text);
  }
  for (const text of ['1001', '20250505', 'SERB', 'TRAGARAN91N1', 'US0378331005', 'RÜÇHAN (a)']) {
    assert.equal(await cellOf('mbrAccNo', text), text);
  }
});

test('an amount is a number only where a spreadsheet keeps every digit and its sign', async () => {
  const numbers = new Set(
    '0 0.00 1 -1250.10 1250.00 123456789012345 0.1 0.000000000000000001 1.234 100000000000000000000 0.123456789012345'.split(
      ' ',
    ),
  );
  for (const amount of HOSTILE_AMOUNTS) {
    const isNumber = !(await cellOf('balanceAmount', amount)).startsWith('=');
    assert.equal(isNumber, numbers.has(amount), amount);
  }
});

test('a text that no cell can hold is replaced by a word, and not cut', async () => {
  for (const text of ['x'.repeat(32_768), `0${'1'.repeat(9_000)}`]) {
    assert.match(await cellOf('addDefCode', text), /^\(\d+ characters are too many/);
  }
  assert.equal(await cellOf('addDefCode', 'x'.repeat(32_767)), 'x'.repeat(32_767));
});

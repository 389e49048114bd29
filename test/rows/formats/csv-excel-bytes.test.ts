/** From bytes to bytes it is the same csv-excel as by way of parsed lines, which lines with other names take. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  array,
  assert as assertProperty,
  asyncProperty,
  constantFrom,
  oneof,
  string,
} from 'fast-check';
import { FIELD_NAMES } from '../../../src/rows/columns.ts';
import { csvExcel } from '../../../src/rows/formats/csv-excel.ts';
import { createExcelLines } from '../../../src/rows/formats/csv-excel-bytes.ts';
import { HOSTILE_AMOUNTS, HOSTILE_TEXTS, hostileRows } from '../../support/spreadsheet-cells.ts';
import { rowsOf } from '../../support/desk.ts';

const AMOUNT = FIELD_NAMES.length - 1;
const report = { id: 'r', member: 'TIB', processDate: '20250505' };

function line(cells: readonly string[], names: readonly string[] = FIELD_NAMES): string {
  const named = FIELD_NAMES.map((name, field): [string, string] => [name, cells[field] ?? '']);
  const byName = Object.fromEntries(named);
  return `${JSON.stringify(Object.fromEntries(names.map((name) => [name, byName[name]])))}\n`;
}

async function written(lines: readonly string[]): Promise<string> {
  const pieces = csvExcel.write(report, rowsOf(lines, lines.length));
  return Buffer.concat(await Array.fromAsync(pieces)).toString();
}

/** The same both ways, with the lines in one piece and each in its own. */
async function assertSame(rows: readonly (readonly string[])[]): Promise<void> {
  const parsed = await written(rows.map((cells) => line(cells, FIELD_NAMES.toReversed())));
  const kept = rows.map((cells) => line(cells));
  assert.equal(await written([kept.join('')]), parsed);
  assert.equal(await written(kept), parsed);
}

const cell = oneof(
  string({ unit: constantFrom('A', 'e', 'T', '0', '1', '.', ';', '"', '-', ' ', 'İ', '\n', '\t') }),
  string({ unit: constantFrom('A', 'Z', '0', '9'), minLength: 12, maxLength: 12 }),
  string({ unit: constantFrom('0', '1', '9'), maxLength: 14 }),
  string({ unit: 'grapheme', maxLength: 20 }),
  constantFrom(
    ...HOSTILE_TEXTS,
    'true ',
    'TRUE',
    'False',
    'doğru',
    'YANLIŞ\u00a0',
    'DEPO',
    'tru',
    '\ud800',
  ),
  constantFrom(
    ...[31, 127, 128, 2_730, 32_767, 32_768].flatMap((n) => ['x'.repeat(n), '5'.repeat(n)]),
  ),
);
const amount = oneof(
  string({ unit: constantFrom('0', '1', '.', '-'), maxLength: 18 }),
  constantFrom(
    ...HOSTILE_AMOUNTS,
    '',
    '.',
    '-',
    '-.5',
    '5.',
    '.5',
    '1.2.3',
    '-1.',
    '00.1',
    '1-1',
    'BAKIYE',
  ),
);

test('any cells, also those that become longer than they were', async () => {
  const row = array(cell, { minLength: AMOUNT, maxLength: AMOUNT });
  await assertProperty(
    asyncProperty(array(row, { maxLength: 4 }), array(amount, { minLength: 4 }), (rows, amounts) =>
      assertSame(rows.map((cells, at) => [...cells, amounts[at] as string])),
    ),
  );
});

test('what spreadsheets are known to change, and texts that share a place with others', async () => {
  const rows = hostileRows(2_000, 11).map((row) => FIELD_NAMES.map((name) => row[name]));
  await assertSame([...rows, ...rows.toReversed()]);
});

test('quotes alone, which need twice their room, behind a piece that is nearly full', async () => {
  const plain = Array.from({ length: 1_500 }, () => FIELD_NAMES.map(() => '1001'));
  const quotes = Array.from({ length: 300 }, () => FIELD_NAMES.map(() => '"'.repeat(40)));
  await assertSame([...plain, ...quotes, ...plain]);
});

test('lines that hold cells to be asked for are written where they are, as long as there is room', () => {
  const write = createExcelLines({
    text: (asked) => `<${asked}>`,
    amount: (asked) => `<${asked}>`,
  });
  const piece = Buffer.from(line(FIELD_NAMES.map(() => 'true ')).repeat(100));
  const target = Buffer.alloc(piece.length);
  const end = write(piece, target, 0);
  const expected = `${FIELD_NAMES.map(() => '<true >').join(';')}\r\n`.repeat(100);
  assert.equal(target.toString('utf8', 0, end), expected);
});

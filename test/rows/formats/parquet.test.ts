/** parquet: every cell read back by DuckDB, decimals to the last digit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIELD_NAMES } from '../../../src/rows/columns.ts';
import { inDecimals, parquetBack as readBack } from '../../support/parquet-back.ts';
import { HOSTILE_TEXTS } from '../../support/spreadsheet-cells.ts';

type Row = Record<string, string>;
const EMPTY: Row = Object.fromEntries(FIELD_NAMES.map((name) => [name, '']));

const TEXTS = Object.fromEntries(FIELD_NAMES.map((name) => [name, 'VARCHAR']));
test('every text is the same, and every amount an exact decimal', async () => {
  const amounts = [
    '0.00',
    '-1250.10',
    '12345678901234567.123',
    '99999999999999999999.999999999999999999',
    '-99999999999999999999.999999999999999999',
    '0.000000000000000001',
    '1.1000000000000000000000',
    '-0.30000000000000004',
  ];
  const rows = HOSTILE_TEXTS.map((text, at) => ({
    ...EMPTY,
    mbrAccNo: text,
    addDefCode: `${text}Ş\u0000`,
    balanceAmount: amounts[at % amounts.length] as string,
  }));
  const read = await readBack(rows);
  assert.deepEqual(read.columns, { ...TEXTS, balanceAmountDecimal: 'DECIMAL(38,18)' });
  assert.deepEqual(
    read.rows,
    rows.map((row) => ({ ...row, balanceAmountDecimal: inDecimals(row.balanceAmount) })),
  );
});

test('where an amount does not fit, wherever it is, there are no decimals and no less text', async () => {
  const many = Array.from({ length: 25_000 }, (_, at) => ({ ...EMPTY, balanceAmount: `${at}.5` }));
  assert.equal((await readBack(many)).columns['balanceAmountDecimal'], 'DECIMAL(38,18)');
  for (const amount of ['100000000000000000000', '0.0000000000000000001', `1${'0'.repeat(300)}`]) {
    const rows = many.with(24_000, { ...EMPTY, balanceAmount: amount });
    const read = await readBack(rows);
    assert.deepEqual(read.columns, TEXTS);
    assert.deepEqual(read.rows, rows);
    assert.ok(read.groups > 1, 'groups of rows are bounded');
  }
});

test('no rows are a table without rows', async () => {
  const read = await readBack([]);
  assert.deepEqual(Object.keys(read.columns), [...FIELD_NAMES, 'balanceAmountDecimal']);
  assert.deepEqual(read.rows, []);
});

test('the least and the largest amount are told with their signs: readers leave out groups by them', async () => {
  const amounts = ['3.5', '-2', '0', '-10.25', '12345678901234567890', '7'];
  for (const [count, least, most] of [
    [3, '-2', '3.5'],
    [6, '-10.25', '12345678901234567890'],
  ] as const) {
    const { bounds } = await readBack(
      amounts.slice(0, count).map((balanceAmount) => ({ ...EMPTY, balanceAmount })),
    );
    assert.deepEqual(bounds, { least: inDecimals(least), most: inDecimals(most) });
  }
});

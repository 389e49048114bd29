/** The table behind the page: what it shows is what a plain list of rows would. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { add, compareDecimals, decimalText, toDecimal, ZERO } from '../../console/lib/decimal.ts';
import { ROW_FIELDS, type Row } from '../../console/lib/documents.ts';
import { rowsOf } from '../../console/rows/read.ts';
import { createRowStore } from '../../console/rows/store.ts';
import { hostileRows } from '../support/spreadsheet-cells.ts';

const ROWS: Row[] = hostileRows(400, 7);

function storeOf(rows: readonly Row[]) {
  const store = createRowStore();
  // In pieces, as they come.
  for (let at = 0; at < rows.length; at += 37) store.add(rows.slice(at, at + 37));
  return store;
}

function sumOf(rows: readonly Row[]): string {
  return decimalText(rows.map((row) => toDecimal(row.balanceAmount)).reduce(add, ZERO));
}

test('gives pages of the rows as they came', () => {
  const store = storeOf(ROWS);
  const { found, rows, sum } = store.view({ search: '', offset: 100, count: 50 });
  assert.equal(found, ROWS.length);
  assert.deepEqual(rows, ROWS.slice(100, 150));
  assert.equal(sum, sumOf(ROWS));
  const last = store.view({ search: '', offset: ROWS.length - 10, count: 50 });
  assert.deepEqual(last.rows, ROWS.slice(-10));
});

for (const field of ROW_FIELDS) {
  test(`sorts by ${field}, equal ones as they came, and back`, () => {
    const compare = (one: Row, other: Row): number =>
      field === 'balanceAmount'
        ? compareDecimals(toDecimal(one.balanceAmount), toDecimal(other.balanceAmount))
        : Number(one[field] > other[field]) - Number(one[field] < other[field]);
    const sorted = ROWS.toSorted(compare);
    const store = storeOf(ROWS);
    const all = { search: '', offset: 0, count: ROWS.length };
    assert.deepEqual(store.view({ ...all, sort: { field, descending: false } }).rows, sorted);
    const back = store.view({ ...all, sort: { field, descending: true } }).rows;
    assert.deepEqual(back, sorted.toReversed());
  });
}

test('says which fields are the same in every row', () => {
  const rows = ROWS.slice(0, 30).map((row) => ({ ...row, mbrId: 'TIB', balanceDate: '20260302' }));
  const { constant } = storeOf(rows).view({ search: '', offset: 0, count: 5 });
  assert.deepEqual(constant, ['balanceDate', 'mbrId']);
});

test('finds what any field has in it, in either language’s capitals and decimal sign', () => {
  const base = Object.fromEntries(ROW_FIELDS.map((field) => [field, ''])) as Row;
  const rows: Row[] = [
    { ...base, isin: 'TRAISCTR91N2', balanceAmount: '1234.50' },
    { ...base, addDefCode: 'ığdır', balanceAmount: '-7' },
  ];
  const store = storeOf(rows);
  const found = (search: string): string[] =>
    store.view({ search, offset: 0, count: 9 }).rows.map((row) => row.balanceAmount);
  assert.deepEqual(found('traisctr'), ['1234.50']);
  assert.deepEqual(found('traısctr'), ['1234.50']);
  assert.deepEqual(found(' IĞDIR '), ['-7']);
  assert.deepEqual(found('234,5'), ['1234.50']);
  assert.deepEqual(found('−7'), ['-7']);
  assert.deepEqual(found('nothing'), []);
});

test('adds up by any field, exactly, page by page', () => {
  const names = [...new Set(ROWS.map((row) => row.isin))].toSorted(
    (a, b) => Number(a > b) - Number(a < b),
  );
  const expected = names.map((name) => {
    const rows = ROWS.filter((row) => row.isin === name);
    return { name, rows: rows.length, sum: sumOf(rows) };
  });
  const store = storeOf(ROWS);
  const query = { by: 'isin', search: '', offset: 0, count: ROWS.length } as const;
  const byName = store.totals({ ...query, sort: { by: 'name', descending: false } });
  assert.deepEqual(byName, { found: names.length, totals: expected });
  const largest = store.totals({ ...query, count: 1, sort: { by: 'sum', descending: true } });
  const most = expected.toSorted((a, b) => compareDecimals(toDecimal(b.sum), toDecimal(a.sum)))[0];
  assert.equal(largest.totals[0]?.sum, most?.sum);
});

test('reads rows in pieces of any size', async () => {
  const text = ROWS.map((row) => `${JSON.stringify(row)}\n`).join('');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(text.length), { maxLength: 20 }), async (cuts) => {
      const ends = [...cuts.toSorted((a, b) => a - b), text.length];
      const pieces = ends.map((end, at) => text.slice(at === 0 ? 0 : ends[at - 1], end));
      const read: Row[] = [];
      for await (const rows of rowsOf(from(pieces))) read.push(...rows);
      assert.deepEqual(read, ROWS);
    }),
    { numRuns: 30 },
  );
  await assert.rejects(async () => {
    for await (const rows of rowsOf(from([text.slice(0, -20)]))) assert.ok(rows.length > 0);
  }, SyntaxError);
});

async function* from(pieces: readonly string[]): AsyncGenerator<string> {
  yield* pieces;
}

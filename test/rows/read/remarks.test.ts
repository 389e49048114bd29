/** What rows say that was not asked for is told with its count, and every row is delivered. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FIELD_NAMES, writeRows } from '../../../src/rows/read/index.ts';
import { HEADER, ROW, type Row, chunks, fails, rowsOf } from './helpers.ts';

const ASKED = { member: 'TIB', processDate: '20250505' };

const object = (row: Row): Record<string, unknown> =>
  Object.fromEntries(FIELD_NAMES.map((name, index) => [name, row[index]]));

async function remarksOf(type: 'json' | 'csv', content: string, size = 7, asked = ASKED) {
  const bytes = Buffer.from(content);
  const file = { type, stream: () => chunks(bytes, size), async verify() {} };
  const written = await writeRows(
    file,
    async () => undefined,
    async () => undefined,
    asked,
  );
  return written;
}

const other: Row = ['20250506', 'GRM', ...ROW.slice(2)];
const csv = (rows: readonly Row[], header = HEADER): string =>
  [header, ...rows.map((row) => row.join(';'))].join('\n');

test('rows as they were asked for bear no remark', async () => {
  for (const size of [1, 1 << 20]) {
    assert.deepEqual(await remarksOf('csv', csv([ROW, ROW]), size), { rowCount: 2, remarks: [] });
    const json = JSON.stringify([object(ROW), object(ROW)]);
    assert.deepEqual(await remarksOf('json', json, size), { rowCount: 2, remarks: [] });
  }
});

test('rows of another member and date are counted, and delivered', async () => {
  const remarks = [
    { remark: 'other-member', detail: 'GRM', count: 2 },
    { remark: 'other-date', detail: '20250506', count: 2 },
  ];
  const rows = [ROW, other, other];
  assert.deepEqual(await remarksOf('csv', csv(rows)), { rowCount: 3, remarks });
  const json = JSON.stringify(rows.map(object));
  assert.deepEqual(await remarksOf('json', json), { rowCount: 3, remarks });
});

test('a member whose code only begins as the one asked for, or is its beginning, is another', async () => {
  const rows = ['TIBX', 'TI'].map((code) => ROW.with(1, code));
  const remarks = [{ remark: 'other-member', detail: 'TIBX, TI', count: 2 }];
  assert.deepEqual((await remarksOf('csv', csv(rows))).remarks, remarks);
  assert.deepEqual((await remarksOf('json', JSON.stringify(rows.map(object)))).remarks, remarks);
});

test('a member and a date that are written with escapes are the ones asked for', async () => {
  const row = JSON.stringify(object(ROW));
  const escaped = row
    .replace('TIB', String.raw`\u0054IB`)
    .replace('20250505', String.raw`\u00320250505`);
  for (const size of [7, 1 << 20]) {
    assert.deepEqual((await remarksOf('json', `[${row},${escaped}]`, size)).remarks, []);
  }
});

test('a file without rows misses no column', async () => {
  assert.deepEqual(await remarksOf('json', '[]'), { rowCount: 0, remarks: [] });
});

test('a value that is missing in a row is not the one asked for', async () => {
  const rows = [ROW, ['', '', ...ROW.slice(2)]];
  const { remarks } = await remarksOf('csv', csv(rows));
  assert.deepEqual(remarks, [
    { remark: 'other-member', detail: 'none', count: 1 },
    { remark: 'other-date', detail: 'none', count: 1 },
  ]);
});

test('the date asked for is known in other notations', async () => {
  for (const date of ['2025-05-05', '05.05.2025', '05/05/2025', '2025-05-05T00:00:00']) {
    assert.deepEqual((await remarksOf('csv', csv([[date, ...ROW.slice(1)]]))).remarks, []);
  }
});

test('many other members are counted, the first of them by name', async () => {
  const rows = Array.from({ length: 20 }, (_, n) => [ROW[0] ?? '', `M${n}`, ...ROW.slice(2)]);
  const { remarks } = await remarksOf('csv', csv(rows));
  const detail = 'M0, M1, M2, M3, M4, M5, M6, M7, …';
  assert.deepEqual(remarks, [{ remark: 'other-member', detail, count: 20 }]);
});

test('a column that never appears, and one that is not known, are told', async () => {
  const remarks = [
    { remark: 'missing-column', detail: 'mic', count: 2 },
    { remark: 'unknown-column', detail: 'YENI', count: 2 },
  ];
  const header = HEADER.replace('MIC', 'YENI');
  assert.deepEqual((await remarksOf('csv', csv([ROW, ROW], header))).remarks, remarks);
  const { mic: _, ...rest } = object(ROW);
  const json = JSON.stringify([rest, rest].map((row) => ({ ...row, YENI: 'x' })));
  assert.deepEqual((await remarksOf('json', json)).remarks, remarks);
});

test('an unknown name is counted in the rows that bear it, whatever their shape', async () => {
  const plain = object(ROW);
  const rows = [plain, { ...plain, x: 1 }, { ...plain, x: 2, y: null }, plain, { x: 3, ...plain }];
  for (const size of [3, 1 << 20]) {
    assert.deepEqual((await remarksOf('json', JSON.stringify(rows), size)).remarks, [
      { remark: 'unknown-column', detail: 'x', count: 3 },
      { remark: 'unknown-column', detail: 'y', count: 1 },
    ]);
  }
});

test('names of a row that has very many are counted in it alone', async () => {
  const plain = object(ROW);
  const names = Array.from({ length: 100 }, (_, n) => [`x${n}`, n]);
  const rows = [plain, { ...plain, ...Object.fromEntries(names) }, plain, plain];
  const { remarks } = await remarksOf('json', JSON.stringify(rows), 1 << 20);
  assert.equal(remarks.length, 100);
  assert.ok(remarks.every(({ count }) => count === 1));
});

test('too many unknown names, or too long ones, are another file', async () => {
  const names = (count: number): string =>
    JSON.stringify(Array.from({ length: count }, (_, n) => ({ ...object(ROW), [`x${n}`]: 1 })));
  assert.equal((await rowsOf('json', names(256), 1 << 20)).rowCount, 256);
  await fails(rowsOf('json', names(257), 1 << 20), 'unexpected-content');
  const long = JSON.stringify([{ ...object(ROW), ['x'.repeat(129)]: 1 }]);
  await fails(rowsOf('json', long, 1 << 20), 'unexpected-content');
});

/** `GET /balances/changes` the whole way: two days fetched from the sandbox, and what differs between them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'csv-parse/sync';
import { readXlsx } from 'hucre/xlsx';
import { DATE, problemOf, rowsOf, startPair } from '../support/pair.ts';

const NEXT_DATE = '20260303';
const POSITION = ['mbrAccNo', 'subAccCode', 'secClassCode', 'mic', 'isin', 'addDefCode'] as const;
type Row = Record<string, string>;

interface ChangesDocument {
  member: string;
  from: string;
  to: string;
  changes: Row[];
  counts: Record<string, number>;
}

/** Over 40 places. */
function units(text: string): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  return BigInt(whole + fraction.padEnd(40, '0')) * (text.startsWith('-') ? -1n : 1n);
}

const positionOf = (row: Row): string => JSON.stringify(POSITION.map((name) => row[name]));
const pathOf = (query = '') => `/balances/changes?from=${DATE}&to=${NEXT_DATE}${query}`;

test('two days compared, in every format, and the day named that is missing', async (t) => {
  const { ask, get } = await startPair(t, { shape: { rows: 400 } });

  const neither = await problemOf(await get(pathOf()));
  assert.deepEqual(
    [neither.slug, neither.status, neither['processDates']],
    ['conflict', 409, [DATE, NEXT_DATE]],
  );
  const before = await rowsOf(await ask({ processDate: DATE }));
  const oneIsMissing = await problemOf(await get(pathOf(), { 'accept-language': 'tr' }));
  assert.deepEqual(oneIsMissing['processDates'], [NEXT_DATE]);
  assert.match(String(oneIsMissing['detail']), new RegExp(`${NEXT_DATE} tarihli hazır rapor yok`));
  const after = await rowsOf(await ask({ processDate: NEXT_DATE }));

  const response = await get(pathOf());
  const document = (await response.json()) as ChangesDocument;
  assert.equal(response.status, 200);
  const { member, from, to, changes, counts } = document;
  assert.deepEqual([member, from, to], [before.member, DATE, NEXT_DATE]);
  const positions = new Set([...before.rows, ...after.rows].map(positionOf));
  const { added = 0, removed = 0, changed = 0, same = 0 } = counts;
  assert.equal(added + removed + changed + same, positions.size);
  assert.equal(added + removed + changed, changes.length);
  assert.ok(changes.length > 0, 'the days differ');
  const total = (rows: readonly Row[], name: string): bigint =>
    rows.reduce((sum, row) => sum + units(row[name] ?? ''), 0n);
  assert.equal(
    total(changes, 'difference'),
    total(after.rows, 'balanceAmount') - total(before.rows, 'balanceAmount'),
  );

  const lines = (await (await get(pathOf('&format=ndjson'))).text()).trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line) as Row),
    changes,
  );
  const csv = await get(pathOf(), { accept: 'text/csv' });
  assert.match(csv.headers.get('content-type') ?? '', /^text\/csv/);
  const cells = parse(await csv.text(), { columns: true }) as Row[];
  assert.deepEqual(
    cells.map(({ HESAP, difference }) => [HESAP, difference]),
    changes.map(({ mbrAccNo, difference }) => [mbrAccNo, difference]),
  );

  const workbook = await get(pathOf('&format=xlsx'));
  assert.match(
    workbook.headers.get('content-disposition') ?? '',
    /^attachment; filename="MKK_TIB_2026-03-02_2026-03-03_changes\.xlsx"$/,
  );
  const { sheets } = await readXlsx(Buffer.from(await workbook.arrayBuffer()));
  const names = ['change', ...POSITION, 'before', 'after', 'difference'];
  assert.equal(sheets[0]?.rows.length, changes.length + 1);
  for (const [at, change] of changes.entries()) {
    const read: readonly unknown[] = sheets[0].rows[at + 1] ?? [];
    for (const [column, name] of names.entries()) {
      const cell: unknown = read[column] ?? '';
      const text = change[name] ?? '';
      assert.equal(cell, typeof cell === 'number' ? Number(text) : text, `${at} ${name}`);
    }
  }

  const sameDay = await get(`/balances/changes?from=${DATE}&to=${DATE}`);
  const none = (await sameDay.json()) as ChangesDocument;
  assert.deepEqual(none.changes, []);
  assert.equal(none.counts['same'], new Set(before.rows.map(positionOf)).size);
  const filtered = await problemOf(await get(pathOf('&isin=TRAGARAN91N1')));
  assert.equal(filtered.status, 409, 'other filters are another report');
  assert.equal((await get(pathOf('&from=20260230'))).status, 400);
});

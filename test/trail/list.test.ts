/** The trail as a list: newest first over chains and days, by page, filtered, in bounded memory. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { toIstanbulTimestamp } from '../../src/lib/dates.ts';
import { CursorError } from '../../src/lib/page.ts';
import type { Act, TrailEntry, TrailQuery } from '../../src/trail/index.ts';
import { nextLine, NO_DIGEST, type Head } from '../../src/trail/line.ts';
import { temporaryFolder } from '../support/folder.ts';
import { filesOf, READ, startTrail } from './support.ts';

const START = Date.UTC(2026, 10, 25, 9);
const HOUR_MS = 3_600_000;
const ALL = { members: ['TIB', 'AKY'], limit: 50 };

/** Two replicas that write in turn, an act every eight hours, four days long. */
async function setUp(t: TestContext) {
  let now = START;
  const clock = { ...systemClock, now: () => now };
  const one = await startTrail(t, { clock });
  const other = await startTrail(t, { folder: one.folder, clock });
  for (let rows = 0; rows < 12; rows += 1) {
    now = START + rows * 8 * HOUR_MS;
    const member = rows % 3 === 0 ? 'AKY' : 'TIB';
    const client = rows % 4 === 0 ? 'risk' : 'desk';
    await (rows % 2 === 0 ? one : other).record({ ...READ, member, client, rows });
  }
  const read = async (query: Partial<TrailQuery> = {}) => {
    const items: TrailEntry[] = [];
    let pages = 0;
    for (let cursor: string | undefined; ;) {
      const page = await one.list({ ...ALL, ...query, ...(cursor !== undefined && { cursor }) });
      items.push(...page.items);
      pages += 1;
      cursor = page.nextCursor;
      if (cursor === undefined) break;
    }
    return { items, pages };
  };
  const rowsOf = async (query: Partial<TrailQuery>) =>
    (await read({ action: 'rows.read', ...query })).items.map((entry) => entry['rows']);
  return { ...one, read, rowsOf };
}

test('newest first over chains and days, whatever the size of a page', async (t) => {
  const { read, rowsOf } = await setUp(t);
  const all = await read();
  assert.ok(all.items.length > 12);
  const times = all.items.map(({ time }) => time);
  assert.deepEqual(times, times.toSorted().toReversed());
  for (const limit of [1, 2, 3, 7]) {
    const { items } = await read({ limit });
    assert.deepEqual(items, all.items, `pages of ${limit}`);
  }
  assert.deepEqual(await rowsOf({}), [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
});

test('by time, client, member and action', async (t) => {
  const { read, rowsOf } = await setUp(t);
  const from = START + 16 * HOUR_MS;
  const to = START + 48 * HOUR_MS;
  assert.deepEqual(await rowsOf({ from, to }), [6, 5, 4, 3, 2]);
  assert.deepEqual(await rowsOf({ from: from + 1, to: to - 1 }), [5, 4, 3]);
  assert.deepEqual(await rowsOf({ client: 'risk' }), [8, 4, 0]);
  assert.deepEqual(await rowsOf({ members: ['AKY'] }), [9, 6, 3, 0]);
  const named = await read({ members: ['AKY'], namesMember: true });
  assert.equal(named.items.length, 4);
  const began = await read({ action: 'chain.begun', members: [] });
  assert.equal(began.items.length, 2);
  assert.deepEqual(await rowsOf({ from: to + 100 * HOUR_MS }), []);
});

test('a cursor of another list is refused', async (t) => {
  const trail = await startTrail(t);
  for (const cursor of ['x', Buffer.from('1 abc').toString('base64url')]) {
    await assert.rejects(trail.list({ ...ALL, cursor }), CursorError);
  }
});

test('what is torn or damaged is passed over, and no folder at all is an empty list', async (t) => {
  const trail = await startTrail(t);
  await trail.record({ ...READ, rows: 1 });
  appendFileSync(filesOf(trail.folder)[0] ?? '', 'no line of ours\n{"tor');
  const { items } = await trail.list(ALL);
  assert.deepEqual(
    items.map(({ action }) => action),
    ['rows.read', 'started', 'chain.begun'],
  );
  const place = join(await temporaryFolder(), 'file');
  writeFileSync(place, '');
  const none = await startTrail(t, { folder: join(place, 'trail') });
  await assert.rejects(none.list(ALL));
});

/** A segment of so many lines, written at once. */
function writeSegment(folder: string, count: number, act: (number: number) => Act): void {
  let head: Head = { number: 0, digest: NO_DIGEST };
  const texts: string[] = [];
  for (let number = 1; number <= count; number += 1) {
    const line = nextLine(head, toIstanbulTimestamp(START + number), act(number));
    head = line;
    texts.push(line.text);
  }
  writeFileSync(join(folder, '20261125-20261125120000000-0a0a0a0a-000001.ndjson'), texts.join(''));
}

test('a large segment costs a page no more than a small one', async (t) => {
  const trail = await startTrail(t);
  const count = 200_000;
  writeSegment(trail.folder, count, (rows) => ({
    ...READ,
    rows,
    file: 'x'.repeat(100 + (rows % 50)),
  }));
  const to = START + count / 2;
  const began = performance.now();
  const before = process.memoryUsage().rss;
  const { items, nextCursor = '' } = await trail.list({ ...ALL, to });
  const tookMs = performance.now() - began;
  const grownMiB = (process.memoryUsage().rss - before) / 1024 / 1024;
  const rows = items.map((entry) => entry['rows']);
  assert.deepEqual(
    rows,
    Array.from({ length: 50 }, (_, index) => count / 2 - index),
  );
  const next = await trail.list({ ...ALL, to, cursor: nextCursor });
  assert.equal(next.items[0]?.['rows'], count / 2 - 50);
  t.diagnostic(
    `a page from the middle of ${count} lines: ${tookMs.toFixed(1)} ms, ${grownMiB.toFixed(1)} MiB`,
  );
  assert.ok(grownMiB < 32, `${grownMiB} MiB`);
});

test('the place is found among lines that are long', async (t) => {
  const trail = await startTrail(t);
  writeSegment(trail.folder, 300, (rows) => ({ ...READ, rows, file: 'x'.repeat(60_000) }));
  const { items } = await trail.list({ ...ALL, to: START + 200, limit: 3 });
  const rows = items.map((entry) => entry['rows']);
  assert.deepEqual(rows, [200, 199, 198]);
});

test('a page that would look for too long ends early, and the next one goes on', async (t) => {
  const trail = await startTrail(t);
  writeSegment(trail.folder, 30_000, (rows) => ({
    ...READ,
    rows,
    client: rows === 5 ? 'rare' : 'desk',
  }));
  const query = { ...ALL, client: 'rare', to: START + HOUR_MS };
  const first = await trail.list(query);
  assert.deepEqual(first.items, []);
  assert.ok(first.nextCursor !== undefined);
  const second = await trail.list({ ...query, cursor: first.nextCursor });
  assert.equal(second.items[0]?.['rows'], 5);
  assert.equal(second.nextCursor, undefined);
});

test('a file that is let go of while the list is read is none of it, one that cannot be read is told', async (t) => {
  const { folder, rowsOf } = await setUp(t);
  const before = await rowsOf({});
  const name = join(folder, '20261125-20261125120000000-0a0a0a0a-000001.ndjson');
  mkdirSync(name);
  await assert.rejects(rowsOf({}), { code: 'EISDIR' });
  rmdirSync(name);
  // As one that was listed, and is gone when it is opened.
  symlinkSync('gone', name);
  assert.deepEqual(await rowsOf({}), before);
});

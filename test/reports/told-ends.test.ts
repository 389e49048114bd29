/** Ends that are told: once each, with their state and how long it took, by whoever ended it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import type { StoredReport } from '../../src/reports/record.ts';
import { createReportStore, type ClaimedReport } from '../../src/reports/store.ts';
import { tellEnds, type ReportEnd } from '../../src/reports/told-ends.ts';
import { startState } from '../support/state.ts';

const openState = await startState();
const NOW = 1_000_000;
const HOUR_MS = 3_600_000;

async function setUp(t: TestContext) {
  const { redis, keys } = await openState(t);
  const told: ReportEnd[] = [];
  const store = tellEnds(createReportStore(redis, keys, HOUR_MS), (end) => void told.push(end));
  async function begin(kind: StoredReport['kind'] = 'report') {
    const id = randomUUID();
    const record: StoredReport = {
      id,
      kind,
      client: 'a',
      member: 'TIB',
      processDate: '20250505',
      filters: {},
      joinKey: id,
      state: 'queued',
      phase: 'request',
      version: 1,
      createdAt: NOW,
      updatedAt: NOW,
      expiresAt: NOW + HOUR_MS,
      attempts: 0,
      pauses: 0,
      damaged: 0,
      ...(kind === 'follow' && { run: 'run' }),
    };
    if (kind === 'follow') {
      assert.equal(await store.takeSlot(record), true);
      return record;
    }
    await store.admit({
      client: 'a',
      record,
      refresh: true,
      queue: { limit: 1_000, members: ['TIB'] },
      mayCreate: true,
      bodyDigest: '',
    });
    return record;
  }
  async function run(): Promise<ClaimedReport> {
    const id = (await store.grant('TIB', NOW)) ?? '';
    const record = await store.claim('TIB', id, 'run');
    assert.ok(record);
    return record;
  }
  return { store, told, begin, run };
}

test('a change tells nothing, an end is told with its remarks, and only if it was made', async (t) => {
  const { store, told, begin, run } = await setUp(t);
  await begin();
  const record = await run();
  await store.update(record, 'run', NOW + 1, { set: { rowCount: 1 } });
  await store.update(record, 'an older run', NOW + 2, { end: 'failed' });
  assert.deepEqual(told, []);
  const remarks = [{ remark: 'other-date' as const, detail: '20250504', count: 2 }];
  await store.update(record, 'run', NOW + 3, { set: { remarks }, end: 'ready' });
  assert.deepEqual(told, [{ member: 'TIB', state: 'ready', durationMs: 3, remarks }]);
  await store.expire({ member: 'TIB', id: record.id }, NOW + 9 * HOUR_MS, NOW + 10 * HOUR_MS);
  assert.equal(told.length, 1, 'a ready one has ended long before it expires');
});

test('taking back tells an end when the last interest goes', async (t) => {
  const { store, told, begin } = await setUp(t);
  const record = await begin();
  await store.admit({
    client: 'b',
    record: { ...record, id: randomUUID() },
    refresh: false,
    queue: { limit: 1_000, members: ['TIB'] },
    mayCreate: true,
    bodyDigest: '',
  });
  assert.equal(await store.withdraw(record, 'a', NOW + 1), 'withdrawn');
  assert.deepEqual(told, []);
  assert.equal(await store.withdraw(record, 'b', NOW + 5), 'withdrawn');
  assert.deepEqual(told, [{ member: 'TIB', state: 'cancelled', durationMs: 5 }]);
});

test('a live report that expires has ended; what is only due later, or forgotten, has not', async (t) => {
  const { store, told, begin } = await setUp(t);
  const { id } = await begin();
  const due = { member: 'TIB', id };
  assert.equal(await store.expire(due, NOW, NOW + HOUR_MS), 'later');
  assert.equal(await store.expire(due, NOW + 2 * HOUR_MS, NOW + 3 * HOUR_MS), 'expired');
  assert.equal(await store.expire(due, NOW + 4 * HOUR_MS, 0), 'forgotten');
  assert.deepEqual(told, [{ member: 'TIB', state: 'expired', durationMs: 2 * HOUR_MS }]);
});

test('a caller’s own message is no report', async (t) => {
  const { store, told, begin } = await setUp(t);
  const own = await begin('follow');
  await store.update(own, 'run', NOW, { end: 'ready' });
  const other = await begin('follow');
  await store.expire({ member: 'TIB', id: other.id }, NOW + 2 * HOUR_MS, NOW + 3 * HOUR_MS);
  assert.deepEqual(told, []);
});

test('the last twenty durations of a member are kept, the newest first', async (t) => {
  const { store, begin, run } = await setUp(t);
  for (let n = 1; n <= 25; n += 1) {
    await begin();
    const took = { durationMs: n, preparationMs: n };
    // An end whose answer was lost comes again, and counts once.
    const record = await run();
    for (const end of ['ready', 'ready'] as const) {
      await store.update(record, 'run', NOW, { end, took });
    }
  }
  const expected = Array.from({ length: 20 }, (_, index) => 25 - index);
  assert.deepEqual(await store.durations('TIB'), expected);
  await begin();
  assert.deepEqual((await run()).preparations, expected);
});

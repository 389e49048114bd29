/** What an asker sees of a report while it lives: its place, what it waits for, when it may be ready. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createReportStore } from '../../src/reports/store.ts';
import type { StoredReport } from '../../src/reports/record.ts';
import { createViews } from '../../src/reports/view.ts';
import { startState } from '../support/state.ts';

const openState = await startState();
const NOW = Date.parse('2026-03-02T12:00:00+03:00');
const HOUR_MS = 3_600_000;
const OPENS_AT = NOW + HOUR_MS;

async function setUp(t: TestContext) {
  const { redis, keys } = await openState(t);
  const store = createReportStore(redis, keys, 24 * HOUR_MS);
  const world = { isOpen: true };
  const hours = {
    isOpen: () => world.isOpen,
    opensAt: () => OPENS_AT,
    closesAt: () => undefined,
  };
  const { get } = createViews({ store, hours, clock: { now: () => NOW, elapsedMs: () => 0 } });
  let made = 0;
  async function admit(change: Partial<StoredReport> = {}): Promise<string> {
    made += 1;
    const id = `${String(made).padStart(8, '0')}-0000-4000-8000-000000000000`;
    await store.admit({
      client: 'desk',
      record: {
        id,
        kind: 'report',
        client: 'desk',
        member: 'TIB',
        processDate: '20260227',
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
        ...change,
      },
      refresh: false,
      queue: { limit: 1_000, members: ['TIB'] },
      mayCreate: true,
      bodyDigest: '',
    });
    return id;
  }
  const shown = async (id: string) => {
    const report = await get(id);
    assert.ok(report);
    return report;
  };
  const noteDuration = (ms: number) => redis.lpush(keys.durations('TIB'), ms);
  return { store, world, get, admit, shown, noteDuration };
}

test('a queued report has its place and waits for its turn, then for opening, then for resuming', async (t) => {
  const { store, world, admit, shown } = await setUp(t);
  await admit();
  const second = await admit();
  const queued = await shown(second);
  assert.equal(queued.position, 2);
  assert.deepEqual(queued.waiting, { for: 'turn', since: NOW });
  assert.equal(queued.startsAt, undefined);

  world.isOpen = false;
  const closed = await shown(second);
  assert.equal(closed.startsAt, OPENS_AT);
  assert.deepEqual(closed.waiting, {
    for: 'outside-service-hours',
    since: NOW,
    retryAt: OPENS_AT,
  });
  await store.setPaused('TIB', true);
  assert.equal((await shown(second)).waiting?.for, 'member-paused');
});

test('an estimate is the median of what the last ones took, from its turn on', async (t) => {
  const { admit, shown, noteDuration } = await setUp(t);
  const first = await admit();
  assert.equal((await shown(first)).estimate, undefined, 'nothing has been learned');
  for (const seconds of [5, 100, 20]) await noteDuration(seconds * 1_000);
  const second = await admit();
  assert.equal((await shown(first)).estimate?.readyAt, NOW + 20_000);
  assert.equal((await shown(second)).estimate?.readyAt, NOW + 40_000);
});

test('what has ended has no place, no estimate and waits for nothing', async (t) => {
  const { store, admit, shown, noteDuration } = await setUp(t);
  await noteDuration(1_000);
  const id = await admit();
  await store.withdraw((await store.get(id)) as StoredReport, 'desk', NOW);
  const { state, position, waiting, estimate } = await shown(id);
  assert.deepEqual(
    [state, position, waiting, estimate],
    ['cancelled', undefined, undefined, undefined],
  );
});

test('what only follows a caller’s own message is no report', async (t) => {
  const { admit, get } = await setUp(t);
  assert.equal(await get(await admit({ kind: 'follow' })), undefined);
  assert.equal(await get('nothing'), undefined);
});

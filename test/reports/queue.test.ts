/** A long queue: looking at it costs what is shown of it, and what 0.1.0 left is taken over. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import type { Redis } from 'ioredis';
import { listReports } from '../../src/reports/list.ts';
import { toReport, type StoredReport } from '../../src/reports/record.ts';
import { createReportStore } from '../../src/reports/store.ts';
import { createRedis, ready } from '../../src/state/connection.ts';
import { createKeys } from '../../src/state/keys.ts';
import { startRedis } from '../support/redis.ts';

const NOW = Date.parse('2026-03-02T12:00:00+03:00');
const DAY_MS = 24 * 3_600_000;

async function setUp(t: TestContext) {
  const server = await startRedis(t, ['--appendfsync', 'no']);
  const redis = createRedis(server.url, 'commands');
  t.after(() => redis.disconnect());
  await ready(redis);
  const keys = createKeys(`test-${randomUUID()}:`);
  const store = createReportStore(redis, keys, DAY_MS);
  let made = 0;
  async function admit(count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID());
    for (let start = 0; start < count; start += 500) {
      await Promise.all(
        ids.slice(start, start + 500).map((id) => {
          made += 1;
          const record: StoredReport = {
            id,
            kind: 'report',
            client: 'a',
            member: 'TIB',
            processDate: '20260227',
            filters: {},
            joinKey: id,
            state: 'queued',
            phase: 'request',
            version: 1,
            createdAt: NOW + made,
            updatedAt: NOW,
            expiresAt: NOW + DAY_MS,
            attempts: 0,
            pauses: 0,
            damaged: 0,
          };
          const ask = {
            client: 'a',
            record,
            refresh: true,
            queue: { limit: 1_000_000, members: ['TIB'] },
            mayCreate: true,
            bodyDigest: '',
          };
          return store.admit(ask);
        }),
      );
    }
    return ids;
  }
  return { redis, keys, store, admit };
}

/** How many commands Redis has carried out, those inside scripts included. */
async function commandsOf(redis: Redis, action: () => Promise<unknown>): Promise<number> {
  await redis.config('RESETSTAT');
  await action();
  const stats = await redis.info('commandstats');
  return [...stats.matchAll(/^cmdstat_(?!ping|info|config)\S+:calls=(\d+)/gm)].reduce(
    (sum, [, calls]) => sum + Number(calls),
    0,
  );
}

test('looks at a queue cost the same however long it is', async (t) => {
  const { redis, store, admit } = await setUp(t);
  const [first = ''] = await admit(20);
  const list = () =>
    listReports(
      {
        store,
        view: async (record) => {
          const { position = NaN } = await store.around(record);
          return toReport(record, { now: 0, isPaused: false, durations: [], position });
        },
      },
      { members: ['TIB'], state: 'ready', limit: 1 },
    );
  const record = await store.get(first);
  assert.ok(record);
  const looks = {
    queue: () => store.queue('TIB'),
    list,
    position: () => store.around(record),
  };
  for (const look of Object.values(looks)) await look();
  const before = new Map<string, number>();
  for (const [name, look] of Object.entries(looks)) {
    before.set(name, await commandsOf(redis, look));
  }
  await admit(5_000);
  for (const [name, look] of Object.entries(looks)) {
    assert.equal(await commandsOf(redis, look), before.get(name), name);
  }
  assert.equal((await store.queue('TIB')).length, 5_020);
});

test('the lists by state follow each report to its end', async (t) => {
  const { store, admit } = await setUp(t);
  const [first = '', second = ''] = await admit(2);
  const inState = async (state: StoredReport['state']) =>
    (await store.page('TIB', 10, undefined, state)).map(({ id }) => id);
  assert.deepEqual(await inState('queued'), [second, first]);
  await store.grant('TIB', NOW);
  const run = await store.claim('TIB', first, 'run');
  assert.ok(run);
  await store.update(run, 'run', NOW, { set: { state: 'preparing', phase: 'status' } });
  assert.deepEqual([await inState('queued'), await inState('preparing')], [[second], [first]]);
  await store.update(run, 'run', NOW, { end: 'ready' });
  assert.deepEqual([await inState('preparing'), await inState('ready')], [[], [first]]);
  const due = { member: 'TIB', id: first };
  const later = NOW + 2 * DAY_MS;
  assert.equal(await store.expire(due, later, later + 1), 'expired');
  assert.deepEqual([await inState('ready'), await inState('expired')], [[], [first]]);
  assert.equal(await store.expire(due, later + 1, 0), 'forgotten');
  assert.deepEqual(await inState('expired'), []);
});

test('the queue that 0.1.0 has left goes on in its order', async (t) => {
  const { redis, keys, store, admit } = await setUp(t);
  const ids = await admit(5);
  await store.grant('TIB', NOW);
  const names = keys.desk('TIB');
  // As 0.1.0 had it: turns as lists, and nothing to count by.
  await redis.rpush(`${names.turnLists}a`, ...ids.slice(1));
  const made = ['layout', 'sequence', 'waiting', 'holding'] as const;
  await redis.del(...made.map((name) => names[name]), `${names.turns}a`, `${names.states}queued`);
  assert.equal((await store.page('TIB', 10, undefined, 'queued')).length, 5);
  assert.deepEqual(await store.queue('TIB'), {
    length: 4,
    preparing: 1,
    paused: false,
    oldestAt: NOW + 2,
    slot: { holder: ids[0], since: NOW },
  });
  const served = [ids[0]];
  for (let id = ids[0]; id !== undefined; id = await store.grant('TIB', NOW)) {
    if (id !== ids[0]) served.push(id);
    const run = await store.claim('TIB', id, 'run');
    assert.ok(run);
    await store.update(run, 'run', NOW, { end: 'failed' });
  }
  assert.deepEqual(served, ids);
});

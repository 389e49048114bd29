import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { createRedis, ready } from '../../src/state/connection.ts';
import { createKeys } from '../../src/state/keys.ts';
import type { StoredReport } from '../../src/reports/record.ts';
import type { Admitted } from '../../src/reports/admission.ts';
import { createReportStore } from '../../src/reports/store.ts';
import { startRedis } from '../support/redis.ts';

const NOW = Date.parse('2026-03-02T12:00:00+03:00');
const HOUR_MS = 3_600_000;

function record(change: Partial<StoredReport> = {}): StoredReport {
  return {
    id: randomUUID(),
    kind: 'report',
    client: 'a',
    member: 'TIB',
    processDate: '20260227',
    filters: {},
    joinKey: randomUUID(),
    state: 'queued',
    phase: 'request',
    version: 1,
    createdAt: NOW,
    updatedAt: NOW,
    expiresAt: NOW + 24 * HOUR_MS,
    attempts: 0,
    pauses: 0,
    damaged: 0,
    ...change,
  };
}

async function setUp(t: TestContext) {
  const server = await startRedis(t);
  const redis = createRedis(server.url, 'commands');
  t.after(() => redis.disconnect());
  await ready(redis);
  const keys = createKeys(`test-${randomUUID()}:`);
  const store = createReportStore(redis, keys, 24 * HOUR_MS);
  async function admit(
    client: string,
    change: Partial<StoredReport> = {},
    options: {
      refresh?: boolean;
      mayCreate?: boolean;
      key?: string;
      body?: string;
      limit?: number;
    } = {},
  ): Promise<Admitted> {
    return store.admit({
      client,
      record: record({ client, ...change }),
      refresh: options.refresh ?? false,
      queue: { limit: options.limit ?? 1_000, members: ['TIB', 'AKY'] },
      mayCreate: options.mayCreate ?? true,
      bodyDigest: options.body ?? 'body',
      ...(options.key !== undefined && { idempotencyKey: options.key }),
    });
  }
  async function create(client: string, change: Partial<StoredReport> = {}): Promise<string> {
    const admitted = await admit(client, change);
    assert.equal(admitted.kind, 'created');
    return 'id' in admitted ? admitted.id : '';
  }
  /** Grants the next report and ends it at once. */
  async function serve(state: 'ready' | 'failed' = 'ready'): Promise<string | undefined> {
    const id = await store.grant('TIB', NOW);
    if (id === undefined) return undefined;
    const claimed = await store.claim('TIB', id, 'run');
    assert.ok(claimed);
    assert.ok(await store.update(claimed, 'run', NOW, { end: state }));
    return id;
  }
  async function position(id: string): Promise<number> {
    const found = await store.get(id);
    assert.ok(found);
    return (await store.around(found)).position ?? NaN;
  }
  return { redis, keys, store, admit, create, serve, position };
}

test('of all members those are found whose slot is free while somebody is in turn', async (t) => {
  const { store, create } = await setUp(t);
  await Promise.all([create('a'), create('a', { member: 'AKY' })]);
  assert.deepEqual(await store.idle(['AKY', 'TIB', 'YOK']), ['AKY', 'TIB']);
  for (const expected of [['TIB'], []]) {
    await create('a');
    assert.deepEqual(await store.idle(['TIB']), expected);
    await store.grant('TIB', NOW);
  }
});

test('clients take turns, each client in its own order', async (t) => {
  const { create, serve, position } = await setUp(t);
  const many = [];
  for (let i = 0; i < 30; i += 1) many.push(await create('batch'));
  const single = await create('screen');
  assert.equal(await position(single), 2);
  assert.equal(await position(many[1] ?? ''), 3);
  assert.equal(await position(many[29] ?? ''), 31);
  const served = [];
  for (let i = 0; i < 31; i += 1) served.push(await serve());
  assert.deepEqual(served, [many[0], single, ...many.slice(1)]);
  assert.equal(await serve(), undefined);
});

test('the slot is held by one report a member until it has ended', async (t) => {
  const { create, store, position } = await setUp(t);
  const first = await create('a');
  const second = await create('a');
  const other = await create('a', { member: 'AKY' });
  assert.equal(await store.grant('TIB', NOW), first);
  assert.equal(await position(first), 0);
  assert.equal(await store.grant('TIB', NOW), undefined);
  assert.equal(await store.grant('AKY', NOW), other);
  const run = await store.claim('TIB', first, 'run');
  assert.ok(run);
  assert.ok(await store.update(run, 'run', NOW, { end: 'failed' }));
  assert.equal(await store.grant('TIB', NOW), second);
});

test('the same ask joins, and stands in each asker’s own list', async (t) => {
  const { admit, create, serve, store } = await setUp(t);
  for (let i = 0; i < 5; i += 1) await create('batch');
  const wanted = await create('batch', { joinKey: 'same' });
  const joined = await admit('screen', { joinKey: 'same' });
  assert.deepEqual(joined, { kind: 'joined', id: wanted });
  await serve();
  assert.equal(await serve(), wanted, 'its second asker had the second turn');
  for (let i = 0; i < 4; i += 1) assert.notEqual(await serve(), wanted);
  assert.equal(await store.grant('TIB', NOW), undefined);
});

test('a ready report answers only if MKS accepted it after its date', async (t) => {
  const { admit, create, store } = await setUp(t);
  /** Ends whatever has the slot, for the reports of other asks stand in turn too. */
  async function endHolder(): Promise<void> {
    const { slot } = await store.queue('TIB');
    const run = await store.claim('TIB', slot?.holder ?? '', 'other');
    assert.ok(run);
    await store.update(run, 'other', NOW, { end: 'failed' });
  }
  async function readyOne(joinKey: string, acceptedOn: string): Promise<string> {
    const id = await create('a', { joinKey });
    while ((await store.grant('TIB', NOW)) !== id) await endHolder();
    const run = await store.claim('TIB', id, 'run');
    assert.ok(run);
    await store.update(run, 'run', NOW, { set: { acceptedOn }, end: 'ready' });
    return id;
  }
  const final = await readyOne('final', '20260228');
  assert.deepEqual(await admit('b', { joinKey: 'final' }), { kind: 'joined', id: final });
  assert.equal((await admit('b', { joinKey: 'final' }, { refresh: true })).kind, 'created');
  await readyOne('early', '20260227');
  assert.equal((await admit('b', { joinKey: 'early' })).kind, 'created');
  await readyOne('closed', '20260227');
  assert.deepEqual(await admit('b', { joinKey: 'closed' }, { mayCreate: false }), {
    kind: 'closed',
  });
});

test('an idempotency key stands for one body', async (t) => {
  const { admit, store } = await setUp(t);
  const asked = (client: string, body: string) => admit(client, {}, { key: 'k', body });
  const first = await asked('a', '1');
  assert.ok(first.kind === 'created' && first.around === undefined, 'the slot is free');
  assert.deepEqual(await asked('a', '1'), { kind: 'joined', id: first.id });
  assert.deepEqual(await asked('a', '2'), { kind: 'reused' });
  await store.grant('TIB', NOW);
  assert.partialDeepStrictEqual(await asked('b', '2'), { kind: 'created', around: {} });
});

test('a client has a limit of reports in turn, of all its members together', async (t) => {
  const { admit, create, serve, store, redis, keys } = await setUp(t);
  const limited = (change: Partial<StoredReport> = {}, client = 'a') =>
    admit(client, change, { limit: 3 });
  const full = { kind: 'full' };
  const first = await create('a');
  const other = await create('a', { member: 'AKY' });
  await create('a', { joinKey: 'mine' });
  assert.deepEqual(await limited(), full);
  assert.deepEqual(await limited({ member: 'AKY' }), full, 'one limit for all members');
  assert.equal((await limited({ joinKey: 'mine' })).kind, 'joined', 'it has it already');
  const theirs = await create('b', { joinKey: 'theirs' });
  assert.deepEqual(await limited({ joinKey: 'theirs' }), { kind: 'joined', id: theirs });
  assert.equal((await limited({}, 'b')).kind, 'created', 'nobody pays for another');

  assert.equal(await store.withdraw(record({ id: theirs }), 'a', NOW), 'withdrawn');
  assert.deepEqual(await limited(), full);
  assert.equal(await serve(), first, 'granted and ended: its place is free');
  assert.equal((await limited()).kind, 'created');
  assert.deepEqual(await limited(), full);
  const late = NOW + 25 * HOUR_MS;
  assert.equal(await store.expire({ member: 'AKY', id: other }, late, late), 'expired');
  assert.equal((await limited()).kind, 'created', 'expired: its place is free');
  assert.deepEqual(await limited(), full);
  assert.equal(await redis.zcard(`${keys.desk('TIB').turns}a`), 3);
});

test('a report that starts over takes its place back, beyond the limit if need be', async (t) => {
  const { admit, create, store } = await setUp(t);
  const id = await create('a');
  await store.grant('TIB', NOW);
  const run = await store.claim('TIB', id, 'run');
  assert.ok(run);
  assert.equal((await admit('a', {}, { limit: 1 })).kind, 'created');
  assert.equal(await store.requeue(run, 'run', NOW, []), true);
  await store.grant('TIB', NOW);
  assert.equal((await admit('a', {}, { limit: 1 })).kind, 'full');
});

test('a client has 10,000 idempotency keys a day, and those it has go on to hold', async (t) => {
  const { admit, redis, keys } = await setUp(t);
  assert.equal((await admit('a', {}, { key: 'first' })).kind, 'created');
  const known = Array.from({ length: 9_999 }, (_, n) => [String(NOW + 5), `k${n}`]).flat();
  await redis.zadd(keys.idempotencyKeys('a'), ...known);
  const used = { kind: 'keys-used-up', freeAt: NOW + 5 };
  assert.deepEqual(await admit('a', {}, { key: 'next' }), used);
  assert.equal((await admit('a', {}, { key: 'first' })).kind, 'joined');
  assert.equal((await admit('a')).kind, 'created', 'without a key');
  assert.equal((await admit('b', {}, { key: 'next' })).kind, 'created');
  const later = { createdAt: NOW + 5 };
  assert.equal((await admit('a', later, { key: 'next' })).kind, 'created', 'forgotten by then');
  assert.equal(await redis.zcard(keys.idempotencyKeys('a')), 2);
});

test('a superseded run cannot write, and an ended report stays ended', async (t) => {
  const { create, store } = await setUp(t);
  const id = await create('a');
  await store.grant('TIB', NOW);
  const old = await store.claim('TIB', id, 'old');
  const current = await store.claim('TIB', id, 'current');
  assert.ok(old && current);
  assert.equal(await store.update(old, 'old', NOW, { set: { rowCount: 1 } }), undefined);
  assert.ok(await store.update(current, 'current', NOW, { end: 'ready' }));
  assert.equal(await store.update(current, 'current', NOW, { end: 'failed' }), undefined);
  assert.equal(await store.claim('TIB', id, 'late'), undefined);
  assert.equal((await store.get(id))?.state, 'ready');
});

test('the last interest taken back cancels, unless the message has left', async (t) => {
  const { admit, create, store } = await setUp(t);
  const id = await create('a', { joinKey: 'same' });
  await admit('b', { joinKey: 'same' });
  const withdraw = async (client: string) => {
    const found = await store.get(id);
    assert.ok(found);
    return store.withdraw(found, client, NOW);
  };
  assert.equal(await withdraw('stranger'), 'withdrawn');
  assert.equal(await withdraw('a'), 'withdrawn');
  assert.equal((await store.get(id))?.state, 'queued');
  await store.grant('TIB', NOW);
  const run = await store.claim('TIB', id, 'run');
  assert.ok(run);
  const sending = { senderReference: 'GW1-X', deadline: NOW };
  await store.update(run, 'run', NOW, { set: { sending } });
  assert.equal(await withdraw('b'), 'sent');
  await store.update(run, 'run', NOW, { remove: ['sending'] });
  assert.equal(await withdraw('b'), 'withdrawn');
  assert.equal((await store.get(id))?.state, 'cancelled');
  assert.equal(await store.update(run, 'run', NOW, { set: { sending } }), undefined);
  assert.equal((await admit('a', { joinKey: 'same' })).kind, 'created');
});

test('what is due expires, frees its slot and is forgotten later', async (t) => {
  const { create, store } = await setUp(t);
  const id = await create('a');
  const next = await create('b');
  await store.grant('TIB', NOW);
  const later = NOW + 25 * HOUR_MS;
  assert.deepEqual(await store.due(NOW, 10), []);
  const due = (await store.due(later, 10)).map((each) => each.id).toSorted();
  assert.deepEqual(due, [id, next].toSorted());
  assert.equal(await store.expire({ member: 'TIB', id }, NOW, later), 'later');
  assert.equal(await store.expire({ member: 'TIB', id }, later, later + HOUR_MS), 'expired');
  assert.equal((await store.get(id))?.state, 'expired');
  assert.equal(await store.grant('TIB', later), next);
  assert.equal(await store.expire({ member: 'TIB', id }, later + HOUR_MS, 0), 'forgotten');
  assert.equal(await store.get(id), undefined);
  assert.deepEqual(
    (await store.page('TIB', 10)).map((each) => each.id),
    [next],
  );
});

test('a report that starts over goes to the head of its client’s turn', async (t) => {
  const { create, store } = await setUp(t);
  const id = await create('a');
  await create('a');
  await store.grant('TIB', NOW);
  const run = await store.claim('TIB', id, 'run');
  assert.ok(run);
  await store.update(run, 'run', NOW, {
    set: { state: 'preparing', phase: 'fetch', refId: 'r' },
    releaseSlot: true,
  });
  assert.deepEqual(await store.active(), [{ member: 'TIB', id }]);
  assert.equal(await store.requeue(run, 'run', NOW, ['refId']), true);
  const found = await store.get(id);
  assert.equal(found?.state, 'queued');
  assert.equal(found?.refId, undefined);
  assert.equal(await store.grant('TIB', NOW), id);
});

test('a caller’s own message takes the slot only when it is free and nobody waits', async (t) => {
  const { create, store } = await setUp(t);
  const own = record({ kind: 'follow', run: 'own' });
  assert.equal(await store.takeSlot(own), true);
  assert.equal(await store.takeSlot(own), true, 'a command that was sent twice has not lost');
  assert.equal(await store.takeSlot(record({ kind: 'follow' })), false);
  await create('a');
  assert.equal(await store.grant('TIB', NOW), undefined);
  assert.ok(await store.update(own, 'own', NOW, { end: 'failed' }));
  assert.equal(await store.takeSlot(record({ kind: 'follow' })), false);
});

test('pages go from the newest to the oldest without a gap', async (t) => {
  const { create, store } = await setUp(t);
  const ids = new Set<string>();
  for (let i = 0; i < 25; i += 1) {
    ids.add(await create('a', { createdAt: NOW + Math.floor(i / 10) }));
  }
  const seen: string[] = [];
  for (let page = await store.page('TIB', 4); page.length > 0;) {
    seen.push(...page.map((each) => each.id));
    page = await store.page('TIB', 4, page.at(-1));
  }
  assert.equal(seen.length, 25);
  assert.deepEqual(new Set(seen), ids);
});

test('a paused member’s reports wait, and its queue can be seen', async (t) => {
  const { admit, create, store } = await setUp(t);
  await create('a', { createdAt: NOW - 5 });
  await create('a', { joinKey: 'same' });
  await admit('b', { joinKey: 'same' });
  await store.setPaused('TIB', true);
  assert.equal(await store.grant('TIB', NOW), undefined);
  assert.deepEqual(await store.queue('TIB'), {
    length: 2,
    preparing: 0,
    oldestAt: NOW - 5,
    paused: true,
  });
  await store.setPaused('TIB', false);
  const holder = await store.grant('TIB', NOW);
  const queue = await store.queue('TIB');
  assert.deepEqual(queue, {
    length: 1,
    preparing: 1,
    oldestAt: NOW,
    slot: { holder, since: NOW },
    paused: false,
  });
});

test('a job left from before a requeue has no right to the report', async (t) => {
  const { create, store } = await setUp(t);
  const id = await create('a');
  await store.grant('TIB', NOW);
  const run = await store.claim('TIB', id, 'run');
  assert.ok(run);
  await create('b');
  assert.equal(await store.requeue(run, 'run', NOW, ['refId']), true);
  assert.equal(await store.claim('TIB', id, 'stale'), undefined);
  assert.equal((await store.get(id))?.state, 'queued');
});

test('an end whose answer was lost is not lost', async (t) => {
  const { create, store } = await setUp(t);
  const id = await create('a');
  await store.grant('TIB', NOW);
  const run = await store.claim('TIB', id, 'run');
  assert.ok(run);
  assert.ok(await store.update(run, 'run', NOW, { end: 'ready' }));
  assert.ok(await store.update(run, 'run', NOW, { end: 'ready' }));
  assert.equal(await store.update(run, 'other', NOW, { end: 'ready' }), undefined);
});

test('a repeat under an idempotency key is interest again', async (t) => {
  const { admit, store } = await setUp(t);
  const first = await admit('a', { joinKey: 'same' }, { key: 'k' });
  assert.ok('id' in first);
  await admit('b', { joinKey: 'same' });
  const withdraw = async (client: string) => {
    const found = await store.get(first.id);
    assert.ok(found);
    return store.withdraw(found, client, NOW);
  };
  await withdraw('a');
  await admit('a', { joinKey: 'same' }, { key: 'k' });
  await withdraw('b');
  assert.equal((await store.get(first.id))?.state, 'queued');
  assert.equal(await store.grant('TIB', NOW), first.id);
});

/** Asking on a real store: made, joined, refused; and what a key that is gone makes of a ready report. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { SigningFault } from '../../src/lib/credentials.ts';
import { createAsking } from '../../src/reports/asking.ts';
import { createReportSecrets } from '../../src/reports/secrets.ts';
import { createReportStore } from '../../src/reports/store.ts';
import type { ReportAsk } from '../../src/reports/types.ts';
import { createViews } from '../../src/reports/view.ts';
import { createSealer } from '../../src/state/sealing.ts';
import { sealingSecret } from '../support/sealing.ts';
import { startState } from '../support/state.ts';

const openState = await startState();
const NOW = Date.parse('2026-03-02T12:00:00+03:00');
const HOUR_MS = 3_600_000;
const OPENS_AT = NOW + 5 * HOUR_MS;
const ASK: ReportAsk = {
  client: 'desk',
  queue: { limit: 1_000, members: ['TIB'] },
  member: 'TIB',
  processDate: '20260227',
  filters: {},
  refresh: false,
  acceptOutsideHours: false,
};

async function setUp(t: TestContext) {
  const { redis, keys } = await openState(t);
  const store = createReportStore(redis, keys, 24 * HOUR_MS);
  const world = { isOpen: true, fault: undefined as SigningFault | undefined };
  const secrets = [sealingSecret()];
  const offered: string[] = [];
  const clock = { now: () => NOW, elapsedMs: () => 0 };
  const hours = {
    isOpen: () => world.isOpen,
    opensAt: () => OPENS_AT,
    closesAt: () => undefined,
  };
  const views = createViews({ store, hours, clock });
  const asking = createAsking({
    store,
    secrets: createReportSecrets(createSealer(() => secrets)),
    hours,
    clock,
    views,
    offerSlot: async (member) => void offered.push(member),
    shutOff: () => world.fault,
    retentionMs: 24 * HOUR_MS,
  });
  async function idOf(change: Partial<ReportAsk> = {}): Promise<string> {
    const result = await asking.request({ ...ASK, ...change });
    assert.equal(result.kind, 'report');
    return result.kind === 'report' ? result.report.id : '';
  }
  /** Ends the report that is next in turn as ready, with a file. */
  async function serve(id: string): Promise<void> {
    assert.equal(await store.grant('TIB', NOW), id);
    const run = await store.claim('TIB', id, 'run');
    assert.ok(run);
    const set = { acceptedOn: '20260302', files: ['rows.json'], rowCount: 1 };
    assert.ok(await store.update(run, 'run', NOW, { set, end: 'ready' }));
  }
  return { ...asking, redis, keys, views, world, secrets, offered, store, idOf, serve };
}

test('the same is asked for once, and a slot is offered for what is new alone', async (t) => {
  const { idOf, offered, store } = await setUp(t);
  const id = await idOf();
  assert.equal(await idOf({ client: 'screen' }), id);
  assert.deepEqual(offered, ['TIB']);
  assert.notEqual(await idOf({ refresh: true }), id);
  assert.notEqual(await idOf({ filters: { isin: 'TRAGARAN91N1' } }), id);
  assert.deepEqual(offered, ['TIB', 'TIB', 'TIB']);
  const { secret = '', expiresAt } = (await store.get(id)) ?? {};
  assert.match(secret, /^v2\./, 'its secrets are made and sealed at once');
  assert.equal(expiresAt, NOW + 24 * HOUR_MS);
});

test('who has to wait for a turn is told what a look would tell, by the answer to the ask', async (t) => {
  const { request, redis, keys, views, store, world, offered, idOf } = await setUp(t);
  await redis.lpush(keys.durations('TIB'), 30_000, 50_000);
  const holder = await idOf();
  assert.equal(await store.grant('TIB', NOW), holder);
  await idOf({ client: 'screen', refresh: true });
  const asked = async (client: string) => {
    const result = await request({ ...ASK, client, refresh: true, acceptOutsideHours: true });
    assert.ok(result.kind === 'report');
    assert.deepEqual(result.report, await views.get(result.report.id));
    return result.report;
  };
  const { position, estimate, waiting } = await asked('office');
  assert.deepEqual({ position, estimate }, { position: 2, estimate: { readyAt: NOW + 100_000 } });
  assert.deepEqual(waiting, { for: 'turn', since: NOW });
  world.isOpen = false;
  assert.equal((await asked('night')).startsAt, OPENS_AT);
  await store.setPaused('TIB', true);
  assert.equal((await asked('late')).waiting?.for, 'member-paused');
  assert.deepEqual(offered, ['TIB'], 'only the first found the slot free');
});

test('while MKS is closed only who says so gets in, and a ready report needs no MKS', async (t) => {
  const { request, world, idOf, serve } = await setUp(t);
  const id = await idOf();
  await serve(id);
  world.isOpen = false;
  assert.equal(await idOf(), id);
  const fresh = { ...ASK, refresh: true };
  assert.deepEqual(await request(fresh), { kind: 'closed', opensAt: OPENS_AT });
  assert.notEqual(await idOf({ refresh: true, acceptOutsideHours: true }), id);
});

test('a member that is shut off is given what is there, and nothing new', async (t) => {
  const { request, world, idOf, serve } = await setUp(t);
  const id = await idOf();
  await serve(id);
  world.fault = 'certificate-expired';
  assert.equal(await idOf(), id);
  const fresh = { ...ASK, refresh: true, acceptOutsideHours: true };
  assert.deepEqual(await request(fresh), { kind: 'shut-off', fault: 'certificate-expired' });
  world.fault = 'hsm-unavailable';
  assert.notEqual(await idOf({ refresh: true }), id, 'what passes by itself is waited for');
});

test('an idempotency key stands for one body', async (t) => {
  const { request, idOf } = await setUp(t);
  const id = await idOf({ idempotencyKey: 'k', refresh: true });
  assert.equal(await idOf({ idempotencyKey: 'k', refresh: true }), id);
  const other = { ...ASK, idempotencyKey: 'k' };
  assert.deepEqual(await request(other), { kind: 'idempotency-key-reused' });
  assert.notEqual(await idOf({ idempotencyKey: 'k', client: 'screen', refresh: true }), id);
});

test('a ready report whose sealing key is gone is no answer: a new one is made', async (t) => {
  const { idOf, serve, secrets } = await setUp(t);
  const id = await idOf();
  await serve(id);
  assert.equal(await idOf(), id);
  secrets.splice(0, 1, sealingSecret('other'));
  const fresh = await idOf();
  assert.notEqual(fresh, id);
  assert.equal(await idOf(), fresh);
});

test('who joins a ready report costs one read of Redis a turn, however many they are', async (t) => {
  const { redis, idOf, serve } = await setUp(t);
  const id = await idOf();
  await serve(id);
  const other = await idOf({ processDate: '20260226' });
  await serve(other);
  // The first of each goes the long way.
  assert.deepEqual([await idOf(), await idOf({ processDate: '20260226' })], [id, other]);
  const scripts = async (): Promise<number> => {
    const stats = await redis.info('commandstats');
    return Number(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1] ?? 0);
  };
  const before = await scripts();
  const asks = Array.from({ length: 40 }, (_, n) =>
    idOf({ client: `c${n}`, ...(n % 2 === 1 && { processDate: '20260226' }) }),
  );
  assert.deepEqual(
    await Promise.all(asks),
    asks.map((_, n) => (n % 2 === 1 ? other : id)),
  );
  assert.equal(await scripts(), before + 1);
});

test('each join says what Redis says now: another one, one that expired, one that is gone', async (t) => {
  const { redis, keys, store, idOf, serve } = await setUp(t);
  const first = await idOf();
  await serve(first);
  assert.deepEqual([await idOf(), await idOf()], [first, first]);
  const fresh = await idOf({ refresh: true });
  assert.equal(await idOf(), fresh, 'the fresh one, though it is not ready');
  await serve(fresh);
  assert.deepEqual([await idOf(), await idOf()], [fresh, fresh]);
  const end = { member: 'TIB', id: fresh };
  await redis.hset(keys.report(fresh), 'expiresAt', NOW);
  const third = await idOf();
  assert.notEqual(third, fresh, 'its time is over, and nobody has noticed yet');
  await serve(third);
  assert.deepEqual([await idOf(), await idOf()], [third, third]);
  await redis.hset(keys.report(third), 'expiresAt', NOW);
  assert.equal(await store.expire({ ...end, id: third }, NOW, NOW), 'expired');
  const fourth = await idOf();
  await serve(fourth);
  assert.deepEqual([await idOf(), await idOf()], [fourth, fourth]);
  await redis.del(keys.report(fourth));
  assert.notEqual(await idOf(), fourth);
});

test('what was not final when MKS took it answers nobody', async (t) => {
  const { store, redis, keys, idOf, serve } = await setUp(t);
  const id = await idOf();
  await serve(id);
  assert.deepEqual([await idOf(), await idOf()], [id, id]);
  await redis.hset(keys.report(id), 'acceptedOn', ASK.processDate);
  const fresh = await idOf();
  assert.notEqual(fresh, id);
  assert.equal((await store.get(fresh))?.state, 'queued');
});

test('what is taken back goes while it is queued, and offers the slot to others', async (t) => {
  const { withdraw, idOf, store, offered } = await setUp(t);
  const id = await idOf();
  assert.equal(await idOf({ client: 'screen' }), id);
  assert.equal(await withdraw(id, 'desk'), 'withdrawn');
  assert.equal((await store.get(id))?.state, 'queued', 'another wants it');
  assert.equal(await withdraw(id, 'screen'), 'withdrawn');
  assert.equal((await store.get(id))?.state, 'cancelled');
  assert.equal(offered.length, 3);
  assert.equal(await withdraw('no-such-report', 'desk'), 'withdrawn');
});

/**
 * The desk's scripts together: whatever is asked in whatever order, what is kept to count by agrees
 * with the records, and a command that Redis runs twice is as good as one.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Redis } from 'ioredis';
import { createKeys, type DeskKeys } from '../../../src/state/keys.ts';
import { runScript, type Script } from '../../../src/state/script.ts';
import * as desk from '../../../src/state/scripts/desk.ts';
import { startState } from '../../support/state.ts';

const openState = await startState();

const MEMBER = 'TIB';
const CLIENTS = ['a', 'b', 'c'];
const IDS = ['r1', 'r2', 'r3', 'r4', 'r5'];
const STATES = ['queued', 'preparing', 'ready', 'failed', 'cancelled', 'expired'];
const HOUR_MS = 3_600_000;
/** Bounds of a client have a test of their own. */
const UNBOUNDED = { queues: [], queueLimit: 1, idempotencyKeys: '', keyLimit: 1 };

type Step =
  | { do: 'admit'; id: string; client: string; joinKey: string; refresh: boolean; again?: true }
  | { do: 'grant' }
  | { do: 'withdraw'; id: string; client: string }
  | { do: 'claim' | 'send' | 'accept' | 'requeue' | 'expire' | 'forget'; id: string }
  | { do: 'fetch'; id: string; grantsNext: boolean }
  | { do: 'end'; id: string; state: 'ready' | 'failed'; grantsNext: boolean };

const id = fc.constantFrom(...IDS);
/** Mostly the last that was granted: what is done to others is refused, as a rule. */
const GRANTED = 'the granted one';
const worked = fc.oneof({ weight: 3, arbitrary: fc.constant(GRANTED) }, id);
const client = fc.constantFrom(...CLIENTS);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('admit' as const),
      id,
      client,
      joinKey: fc.constantFrom('x', 'y', 'z'),
      refresh: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('grant' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('withdraw' as const), id, client }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constantFrom('expire', 'forget'), id: worked }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('claim', 'accept', 'accept', 'requeue', 'requeue', 'send'),
      id: worked,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('fetch' as const),
      id: worked,
      grantsNext: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      id: worked,
      state: fc.constantFrom('ready', 'failed'),
      grantsNext: fc.boolean(),
    }),
  },
);

const fieldsOf = (own: string, joinKey: string, now: number) => [
  'id',
  own,
  'state',
  'queued',
  'phase',
  '"request"',
  'joinKey',
  joinKey,
  'createdAt',
  String(now),
  'version',
  '1',
  'expiresAt',
  String(now + HOUR_MS),
];

/** A desk of its own over the prefix; `times` is how often each command reaches Redis. */
function createDesk(redis: Redis, prefix: string, times = 1) {
  const keys = createKeys(prefix);
  const names: DeskKeys = keys.desk(MEMBER);
  let now = 1_000;
  const run = async <Argument extends desk.OfMember, Answer>(
    script: Script<Argument, Answer>,
    argument: Omit<Argument, 'names' | 'member'>,
  ): Promise<Answer> => {
    const given = { names, member: MEMBER, ...argument } as unknown as Argument;
    const answer = await runScript(redis, script, [], given);
    for (let n = 1; n < times; n += 1) await runScript(redis, script, [], given);
    return answer;
  };
  const update = (
    of: string,
    change: {
      set?: string[];
      remove?: string[];
      releaseSlot?: boolean;
      grantsNext?: boolean;
    },
    endState?: 'ready' | 'failed',
  ) =>
    run(desk.update, {
      id: of,
      run: `run of ${of}`,
      now,
      releaseSlot: change.releaseSlot ?? false,
      grantsNext: change.grantsNext ?? false,
      silent: false,
      dueAt: now + HOUR_MS,
      kept: 20,
      set: change.set ?? [],
      remove: change.remove ?? [],
      ...(endState !== undefined && { endState }),
    });
  let granted = 'none';
  async function begin(next: string | null): Promise<string | null> {
    if (next === null) return next;
    granted = next;
    await run(desk.claim, { id: next, run: `run of ${next}` });
    return next;
  }
  async function goOn([isDone, next]: [0 | 1, string]) {
    return [isDone, await begin(next === '' ? null : next)];
  }
  async function take(wanted: Step): Promise<unknown> {
    now += 1;
    const given = 'id' in wanted && wanted.id === GRANTED ? { ...wanted, id: granted } : wanted;
    switch (given.do) {
      case 'admit':
        // An id is new, as a random one is.
        if (!given.again && (await redis.exists(keys.report(given.id))) === 1) return;
        return run(desk.admit, {
          id: given.id,
          client: given.client,
          joinKey: given.joinKey,
          refresh: given.refresh,
          processDate: '20260302',
          now,
          expiresAt: now + HOUR_MS,
          mayCreate: true,
          ...UNBOUNDED,
          bodyDigest: '',
          idempotencyMs: 1,
          fields: fieldsOf(given.id, given.joinKey, now),
        });
      case 'grant':
        return begin(await run(desk.grant, { now }));
      case 'withdraw':
        return run(desk.withdraw, { id: given.id, client: given.client, now, dueAt: now });
      case 'claim':
        // The record itself is compared apart, without the version that each touch raises.
        return (await run(desk.claim, { id: given.id, run: `run of ${given.id}` }))[0].length > 0;
      case 'send':
        return update(given.id, { set: ['sending', '{}'] });
      case 'accept':
        return update(given.id, {
          set: ['state', 'preparing', 'phase', '"status"'],
          remove: ['sending'],
        });
      case 'fetch':
        return goOn(
          await update(given.id, {
            set: ['phase', '"fetch"'],
            releaseSlot: true,
            grantsNext: given.grantsNext,
          }),
        );
      case 'requeue':
        return run(desk.requeue, { id: given.id, run: `run of ${given.id}`, now, remove: [] });
      case 'expire':
        return run(desk.expire, {
          id: given.id,
          now: now + 2 * HOUR_MS,
          forgetAt: now + 3 * HOUR_MS,
        });
      case 'forget':
        return run(desk.expire, {
          id: given.id,
          now: now + 9 * HOUR_MS,
          forgetAt: now + 10 * HOUR_MS,
        });
      case 'end':
        return goOn(await update(given.id, { grantsNext: given.grantsNext }, given.state));
    }
  }
  return { keys, names, take, run, now: () => now };
}

/** What the records say, to compare what is kept beside them with. */
async function look(redis: Redis, { keys, names }: ReturnType<typeof createDesk>) {
  const records = new Map<string, Record<string, string>>();
  for (const each of IDS) {
    const record = await redis.hgetall(keys.report(each));
    if (record['id'] !== undefined) records.set(each, record);
  }
  const idsWhere = (isSo: (record: Record<string, string>) => boolean) =>
    [...records].filter(([, record]) => isSo(record)).map(([each]) => each);
  const turns = new Map<string, string[]>();
  for (const each of CLIENTS) turns.set(each, await redis.zrange(names.turns + each, 0, -1));
  return { records, idsWhere, turns, ring: await redis.lrange(names.ring, 0, -1) };
}

async function assertAgrees(redis: Redis, tried: ReturnType<typeof createDesk>): Promise<void> {
  const { keys, names, run } = tried;
  const { records, idsWhere, turns, ring } = await look(redis, tried);
  const inTurn = idsWhere(({ state, granted }) => state === 'queued' && granted === undefined);
  for (const state of STATES) {
    const listed = await redis.zrange(keys.reportsInState(MEMBER, state), 0, -1);
    assert.deepEqual(
      listed.toSorted(),
      idsWhere((record) => record['state'] === state),
      state,
    );
  }
  assert.deepEqual((await redis.zrange(names.waiting, 0, -1)).toSorted(), inTurn, 'waiting');
  assert.deepEqual((await redis.zrange(names.index, 0, -1)).toSorted(), [...records.keys()]);
  const due = (await redis.zrange(names.expiry, 0, -1)).toSorted();
  assert.deepEqual(
    due,
    [...records.keys()].map((each) => `${MEMBER} ${each}`),
    'all end one day',
  );
  // A client stands in the ring once, if and only if it waits for something.
  const waiting = CLIENTS.filter((each) => turns.get(each)?.length !== 0);
  assert.deepEqual(ring.toSorted(), waiting, 'the ring');
  for (const [each, wanted] of turns) {
    for (const own of wanted) {
      assert.ok(inTurn.includes(own), `${own} stands in turn`);
      assert.equal(await redis.sismember(names.clients + own, each), 1, `${each} wants ${own}`);
    }
  }
  const holder = await redis.hget(names.slot, 'holder');
  const [length, , toldHolder, , , preparing] = await run(desk.queue, {});
  assert.deepEqual([length, toldHolder], [inTurn.length, holder ?? '']);
  const live = idsWhere(
    ({ state = '', granted }) =>
      state === 'preparing' || (state === 'queued' && granted !== undefined),
  );
  assert.equal(preparing, live.length, 'preparing');
  const active = (await redis.smembers(names.active)).toSorted();
  assert.deepEqual(
    active,
    live.map((each) => `${MEMBER} ${each}`),
    'active',
  );
  if (holder !== null) assert.ok(live.includes(holder), 'the slot is held by one that lives');
}

/** Ends whoever holds the slot and grants on, to see in which order they really come. */
async function drain(redis: Redis, tried: ReturnType<typeof createDesk>): Promise<string[]> {
  const served: string[] = [];
  for (;;) {
    const holder = await redis.hget(tried.names.slot, 'holder');
    if (holder !== null) {
      await tried.take({ do: 'claim', id: holder });
      await tried.take({ do: 'end', id: holder, state: 'failed', grantsNext: false });
    }
    const next = await tried.take({ do: 'grant' });
    if (typeof next !== 'string') return served;
    served.push(next);
  }
}

const steps = fc.array(step, { minLength: 1, maxLength: 30, size: 'max' });

test('what is kept to count by agrees with the records after every step', async (t) => {
  const { redis, prefix } = await openState(t);
  let n = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const tried = createDesk(redis, `${prefix}${(n += 1)}:`);
      for (const each of all) {
        await tried.take(each);
        await assertAgrees(redis, tried);
      }
    }),
    { numRuns: 60 },
  );
});

/** The places that are told, by the order in which reports then really come. */
async function placesAfter(redis: Redis, prefix: string, all: readonly Step[]) {
  const tried = createDesk(redis, prefix);
  for (const each of all) await tried.take(each);
  const { idsWhere } = await look(redis, tried);
  const told = new Map<string, number>();
  for (const each of idsWhere(({ state }) => state === 'queued')) {
    const [place] = await tried.run(desk.around, { id: each });
    if (place > 0) told.set(each, place);
  }
  const served = await drain(redis, tried);
  assert.deepEqual([...told.keys()].toSorted(), served.toSorted());
  return served.map((each) => told.get(each) ?? 0);
}

test('a report’s place is how many are granted before it, and one', async (t) => {
  const { redis, prefix } = await openState(t);
  let n = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const apart = all.map((each) => (each.do === 'admit' ? { ...each, refresh: true } : each));
      const places = await placesAfter(redis, `${prefix}${(n += 1)}:`, apart);
      assert.deepEqual(
        places,
        places.map((_, index) => index + 1),
      );
    }),
    { numRuns: 60 },
  );
});

test('one with several askers moves the others forward, never back', async (t) => {
  const { redis, prefix } = await openState(t);
  let n = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      const places = await placesAfter(redis, `${prefix}${(n += 1)}:`, all);
      for (const [index, place] of places.entries()) {
        assert.ok(place >= index + 1, `${place} was told, it is ${index + 1}`);
      }
    }),
    { numRuns: 60 },
  );
});

test('a command that runs twice leaves what it leaves when it runs once', async (t) => {
  const { redis, prefix } = await openState(t);
  let n = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      n += 1;
      const once = createDesk(redis, `${prefix}${n}:once:`);
      const twice = createDesk(redis, `${prefix}${n}:twice:`, 2);
      for (const each of all) {
        assert.deepEqual(await twice.take(each), await once.take(each));
        assert.deepEqual(await trace(redis, twice), await trace(redis, once), each.do);
      }
    }),
    { numRuns: 60 },
  );
});

test('an admission that Redis is told again later makes nothing anew', async (t) => {
  const { redis, prefix } = await openState(t);
  const tried = createDesk(redis, prefix);
  const admission = { do: 'admit', id: 'r1', client: 'a', joinKey: 'x' } as const;
  for (const refresh of [true, false]) {
    await tried.take({ ...admission, refresh });
    await tried.take({ do: 'grant' });
    await tried.take({ do: 'claim', id: 'r1' });
    await tried.take({ do: 'accept', id: 'r1' });
    const before = await trace(redis, tried);
    const again = (await tried.take({ ...admission, refresh, again: true })) as string[];
    assert.equal(again[1], 'r1');
    assert.deepEqual(await trace(redis, tried), before);
    await tried.take({ do: 'forget', id: 'r1' });
    await tried.take({ do: 'forget', id: 'r1' });
  }
});

/** What of a desk anybody goes by: all but how often a record was touched. */
async function trace(redis: Redis, tried: ReturnType<typeof createDesk>) {
  const { records, turns, ring } = await look(redis, tried);
  for (const record of records.values()) delete record['version'];
  const [length, oldestAt, holder, since, , preparing] = await tried.run(desk.queue, {});
  return { records, turns, ring, queue: [length, oldestAt, holder, since, preparing] };
}

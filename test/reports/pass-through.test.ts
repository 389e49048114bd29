/** A caller's own balance-report and its slot, on a real Redis; MKS's part is played to the letter. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { pino } from 'pino';
import { systemClock } from '../../src/lib/clock.ts';
import type { Mks, MksAnswer, MksRequest } from '../../src/mks/types.ts';
import { createPassThrough } from '../../src/reports/pass-through.ts';
import { createReportStore } from '../../src/reports/store.ts';
import { askBy } from '../../src/mks/index.ts';
import { createRedis, ready } from '../../src/state/connection.ts';
import { StateUnavailableError } from '../../src/state/errors.ts';
import { createKeys } from '../../src/state/keys.ts';
import { startRedis } from '../support/redis.ts';

const TIMEOUT_MS = 1_000;
const HOUR_MS = 3_600_000;

function accepted(senderReference: string): MksAnswer {
  const payload = { response: { responseCode: '0000' }, refId: 'R1' };
  return {
    kind: 'message',
    service: 'reports/account/balance-report',
    senderReference,
    code: '0000',
    description: '',
    httpStatus: 200,
    payload,
    payloadText: JSON.stringify(payload),
  };
}

async function setUp(t: TestContext, answer: (request: MksRequest) => Promise<MksAnswer>) {
  const server = await startRedis(t);
  const redis = createRedis(server.url, 'commands');
  t.after(() => redis.disconnect());
  await ready(redis);
  const store = createReportStore(redis, createKeys(`${randomUUID()}:`), HOUR_MS);
  const resumed: string[] = [];
  const mks: Mks = {
    call: answer,
    ask: askBy(answer),
    tokenState: async () => ({}),
    ensureToken: async () => undefined,
    close: async () => undefined,
  };
  let isRedisAway = false;
  const passThrough = createPassThrough({
    mks,
    store,
    shutOff: () => undefined,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    onSlotFree: () => undefined,
    async resume({ id }) {
      if (isRedisAway) throw new StateUnavailableError();
      resumed.push(id);
    },
    requestTimeoutMs: TIMEOUT_MS,
    retentionMs: HOUR_MS,
  });
  const call = () =>
    passThrough.call({
      member: 'TIB',
      service: 'reports/account/balance-report',
      body: {},
      client: 'a',
      signal: new AbortController().signal,
    });
  const failResuming = () => (isRedisAway = true);
  return { store, resumed, call, failResuming };
}

test('an accepted report is followed, and holds the slot meanwhile', async (t) => {
  const { store, resumed, call } = await setUp(t, async ({ beforeSend }) => {
    await beforeSend?.({ senderReference: 'GW1', deadline: Date.now() + TIMEOUT_MS });
    return accepted('GW1');
  });
  assert.equal((await call()).senderReference, 'GW1');
  const { slot } = await store.queue('TIB');
  assert.deepEqual(resumed, [slot?.holder]);
  const record = await store.get(slot?.holder ?? '');
  assert.equal(record?.refId, 'R1');
  await assert.rejects(call(), { code: 'conflict' });
});

test('the slot is kept until nobody can answer any more, however long the login took', async (t) => {
  const deadline = Date.now() + HOUR_MS;
  let expiredEarly: string | undefined;
  const setting = await setUp(t, async ({ beforeSend }) => {
    await beforeSend?.({ senderReference: 'GW1', deadline });
    const { store } = setting;
    const { slot } = await store.queue('TIB');
    const due = { member: 'TIB', id: slot?.holder ?? '' };
    expiredEarly = await store.expire(due, deadline, deadline + HOUR_MS);
    return accepted('GW1');
  });
  await setting.call();
  assert.equal(expiredEarly, 'later');
});

test('what MKS answered is the caller’s though the report cannot be followed now', async (t) => {
  const { store, call, failResuming } = await setUp(t, async ({ beforeSend }) => {
    await beforeSend?.({ senderReference: 'GW1', deadline: Date.now() + TIMEOUT_MS });
    return accepted('GW1');
  });
  failResuming();
  assert.equal((await call()).kind, 'message');
  const { slot } = await store.queue('TIB');
  assert.deepEqual(await store.active(), [{ member: 'TIB', id: slot?.holder }], 'for the sweeper');
});

test('a report whose slot has expired before MKS answered is the caller’s alone', async (t) => {
  const setting = await setUp(t, async ({ beforeSend }) => {
    const deadline = Date.now() + TIMEOUT_MS;
    await beforeSend?.({ senderReference: 'GW1', deadline });
    const { store } = setting;
    const { slot } = await store.queue('TIB');
    const due = { member: 'TIB', id: slot?.holder ?? '' };
    // As the sweeper of another replica does whose clock is ahead.
    assert.equal(await store.expire(due, deadline + HOUR_MS, deadline + 2 * HOUR_MS), 'expired');
    return accepted('GW1');
  });
  assert.equal((await setting.call()).senderReference, 'GW1');
  assert.deepEqual(setting.resumed, [], 'another may hold the slot by now');
  assert.equal((await setting.store.queue('TIB')).slot, undefined);
});

test('a message that never left, or was refused, leaves the slot free', async (t) => {
  const { store, call } = await setUp(t, async () => {
    throw new StateUnavailableError();
  });
  await assert.rejects(call(), StateUnavailableError);
  assert.equal((await store.queue('TIB')).slot, undefined);
});

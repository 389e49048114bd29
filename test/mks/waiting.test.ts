/** Hours, callers who give up, and a gateway that closes. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { jws, message } from '../support/upstream.ts';
import { ALWAYS_OPEN, errorOf, mkk, setUp, STATUS } from './support.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

test('outside service hours nothing is sent, not even a login', async (t) => {
  // 00:30 in Istanbul, within a day of now, so that the certificate is valid.
  const nowMs = Math.floor(Date.now() / DAY_MS) * DAY_MS + 21.5 * HOUR_MS;
  const { mks, upstream } = await setUp(t, {
    clock: { now: () => nowMs, elapsedMs: () => performance.now() },
    config: { serviceHours: { ...ALWAYS_OPEN, 4: { startMinute: 60, endMinute: 1380 } } },
  });
  const error = await errorOf(mks.call(STATUS));
  assert.equal(error.code, 'outside-service-hours');
  assert.equal(error.outcome, 'not-sent');
  assert.equal(error.details.opensAt, nowMs + 30 * 60_000);
  assert.equal(upstream.received.length, 0);
  await mks.call({
    memberCode: 'TIB',
    service: 'yf/getMfundTradeDetails',
    body: { issuerMemberCode: 'TRISP', processDate: '20230606', opStat: 'KO' },
  });
});

test('a caller who gives up before the message leaves stops it', async (t) => {
  const { mks, upstream } = await setUp(t);
  assert.equal(
    (await errorOf(mks.call({ ...STATUS, signal: AbortSignal.abort() }))).outcome,
    'not-sent',
  );
  const abort = new AbortController();
  const error = await errorOf(
    mks.call({ ...STATUS, signal: abort.signal, beforeSend: async () => abort.abort() }),
  );
  assert.equal(error.outcome, 'not-sent');
  assert.equal(upstream.calls.length, 0);
  const { senderReference = '' } = error.details;
  await mks.call({ ...STATUS, senderReference });
});

test('a caller who gives up while the login hangs does not wait for it', async (t) => {
  const { mks, upstream } = await setUp(t, { handlers: { onAuth: () => () => undefined } });
  const abort = new AbortController();
  const lost = errorOf(mks.call({ ...STATUS, signal: abort.signal }));
  while (upstream.logins < 1) await sleep(5);
  const began = performance.now();
  abort.abort();
  assert.equal((await lost).outcome, 'not-sent');
  assert.ok(performance.now() - began < 200);
});

test('a caller who gives up later learns nothing, but the answer is recorded', async (t) => {
  const { mks, upstream, exchanges } = await setUp(t);
  upstream.onCall = async (received) => {
    await sleep(200);
    return { body: jws(message(received), mkk.privateKey) };
  };
  await mks.tokenState('TIB');
  const abort = new AbortController();
  const lost = errorOf(mks.call({ ...STATUS, signal: abort.signal }));
  while (upstream.calls.length < 1) await sleep(5);
  abort.abort();
  const error = await lost;
  assert.equal(error.code, 'mks-unknown-outcome');
  assert.ok((error.details.deadline ?? 0) > Date.now());
  while (exchanges.length < 2) await sleep(5);
  assert.equal(exchanges.at(-1)?.outcome, 'answered');
  const { senderReference = '' } = error.details;
  assert.equal((await errorOf(mks.call({ ...STATUS, senderReference }))).code, 'conflict');
});

test('closing breaks what is under way, soon', async (t) => {
  const { mks, upstream } = await setUp(t);
  await mks.call(STATUS);
  upstream.onCall = () => () => undefined;
  const lost = errorOf(mks.call(STATUS));
  while (upstream.calls.length < 2) await sleep(5);
  const began = performance.now();
  await mks.close();
  assert.ok(performance.now() - began < 500);
  assert.equal((await lost).code, 'mks-unknown-outcome');
});

test('what is not configured is a mistake of the program', async (t) => {
  const { mks } = await setUp(t);
  await assert.rejects(mks.call({ ...STATUS, memberCode: 'XXX' }), TypeError);
  await assert.rejects(mks.call({ ...STATUS, service: 'auth' }), TypeError);
});

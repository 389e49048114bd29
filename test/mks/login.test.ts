/** Every way in which a login ends, and the pause after a refused one. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/lib/clock.ts';
import type { MksErrorCode } from '../../src/mks/errors.ts';
import { granted, jws, type Answer } from '../support/upstream.ts';
import { errorOf, member, memberIdentity, mkk, PASSWORD, setUp, STATUS } from './support.ts';

const refusal = {
  status: 500,
  body: '{"error_message":"secret","transaction_id":"1","error_code":"0x00d30003"}',
};

const code = (responseCode: string): string =>
  JSON.stringify({ response: { responseCode, responseDesc: 'secret' } });

const CASES: [name: string, answer: Answer, MksErrorCode][] = [
  ['0x00d30003', refusal, 'mks-login-refused'],
  ['401', { status: 401 }, 'mks-login-refused'],
  ['403 with a page', { status: 403, body: '<html>secret' }, 'mks-login-refused'],
  ...['RP039', 'RP040', 'RP041', 'RP042', 'RP043', 'RP046', 'RP047', 'RP048', 'RP049'].map(
    (each): [string, Answer, MksErrorCode] => [
      each,
      { status: 422, body: code(each) },
      'mks-login-refused',
    ],
  ),
  ['RP041 at the top', { body: '{"responseCode":"RP041"}' }, 'mks-login-refused'],
  ['RP043, signed', { body: jws(code('RP043'), mkk.privateKey) }, 'mks-login-refused'],
  ['RP045 again and again', { status: 422, body: code('RP045') }, 'mks-error'],
  ['OI003', { status: 500, body: code('OI003') }, 'mks-error'],
  ['OI006', { status: 500, body: code('OI006') }, 'mks-error'],
  ['a page', { status: 502, body: '<html>secret' }, 'mks-error'],
  ['an empty success', { status: 200 }, 'mks-error'],
  ['429', { status: 429 }, 'mks-error'],
  ['redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, 'mks-error'],
  ['an empty token', { body: '{"tokenType":"Bearer","token":""}' }, 'mks-error'],
  ['a token that is no text', { body: '{"tokenType":"Bearer","token":{"a":1}}' }, 'mks-error'],
  ['a token with a line end', { body: '{"token":"a\\r\\nX-Injected: b"}' }, 'mks-error'],
  ['another type of token', { body: '{"tokenType":"Basic","token":"abc"}' }, 'mks-error'],
  ['a life of nothing', { body: '{"token":"abc","LifeTime":"0"}' }, 'mks-error'],
  ['a life of words', { body: '{"token":"abc","LifeTime":"an hour"}' }, 'mks-error'],
  ['a token under 500', { status: 500, body: '{"token":"abc"}' }, 'mks-error'],
  ['silence', () => undefined, 'mks-error'],
  ['a reset', (response) => void response.socket?.resetAndDestroy(), 'mks-error'],
];

for (const [name, answer, expected] of CASES) {
  test(`login: ${name}`, async (t) => {
    const { mks, upstream } = await setUp(t, {
      config: { requestTimeoutMs: 500 },
      handlers: { onAuth: () => answer },
    });
    const error = await errorOf(mks.call(STATUS));
    assert.equal(error.code, expected, error.message);
    assert.equal(error.outcome, 'not-sent');
    assert.doesNotMatch(JSON.stringify([error.message, error.details]), /secret/);
    assert.equal(upstream.calls.length, 0);
    const { refusedUntil } = await mks.tokenState('TIB');
    assert.equal(refusedUntil !== undefined, expected === 'mks-login-refused');
    // The lock is free again: whoever comes next need not wait.
    upstream.onAuth = () => granted();
    if (expected !== 'mks-login-refused') await mks.call(STATUS);
  });
}

test('login: no connection', async (t) => {
  const { mks, upstream } = await setUp(t);
  await upstream.close();
  const error = await errorOf(mks.call(STATUS));
  assert.equal(error.code, 'mks-unreachable');
  assert.equal(error.outcome, 'not-sent');
});

test('logins that fail, and more of them than are allowed: what they fail with is told', async (t) => {
  const { mks, upstream, redis, keys } = await setUp(t, {
    handlers: { onAuth: () => ({ status: 502, body: '<html>' }) },
  });
  for (let n = 0; n < 5; n += 1) {
    const { code: problem, message, details } = await errorOf(mks.call(STATUS));
    assert.deepEqual([problem, details.httpStatus], ['mks-error', 502]);
    const isHeldBack = n >= 3;
    assert.equal(message.endsWith('; the next login waits'), isHeldBack, message);
    assert.equal((details.retryAfterMs ?? 0) > 50_000, isHeldBack);
  }
  assert.equal(upstream.logins, 3);
  await redis.del(keys.logins('TIB'));
  upstream.onAuth = () => granted();
  await mks.call(STATUS);
  // What failed before the last success is not told again.
  await redis.del(keys.token('TIB'));
  await mks.call(STATUS);
  await redis.del(keys.token('TIB'));
  await mks.call(STATUS);
  await redis.del(keys.token('TIB'));
  assert.equal((await errorOf(mks.call(STATUS))).code, 'mks-login-refused');
});

test('a login that another process never ends is waited for no longer than a login takes', async (t) => {
  const { mks, upstream, redis, keys, replica } = await setUp(t, {
    handlers: { onAuth: () => () => undefined },
  });
  const lost = errorOf(mks.call(STATUS));
  while ((await redis.exists(keys.loginLock('TIB'))) === 0) await sleep(5);
  // Its clock runs ahead of the lock's life.
  const elapsedMs = () => systemClock.elapsedMs() * 50;
  const waiting = await replica({}, { ...systemClock, elapsedMs });
  const { code: problem, outcome, details } = await errorOf(waiting.call(STATUS));
  assert.deepEqual([problem, outcome], ['mks-unreachable', 'not-sent']);
  assert.equal(details.retryAfterMs, 1_000);
  assert.equal(upstream.logins, 1, 'it has not logged in beside the other');
  await mks.close();
  await lost;
});

test('a failure of more than a minute ago is not what keeps from logging in', async (t) => {
  const { upstream, redis, keys, mks, replica } = await setUp(t, {
    handlers: { onAuth: () => ({ status: 502, body: '<html>' }) },
  });
  let ahead = 0;
  const elapsedMs = () => systemClock.elapsedMs() + ahead;
  const failed = await replica({}, { ...systemClock, elapsedMs });
  assert.equal((await errorOf(failed.call(STATUS))).code, 'mks-error');
  // Another process logs in three times.
  await redis.del(keys.logins('TIB'));
  upstream.onAuth = () => granted();
  for (let n = 0; n < 3; n += 1) {
    await mks.call(STATUS);
    await redis.del(keys.token('TIB'));
  }
  assert.equal((await errorOf(failed.call(STATUS))).code, 'mks-error');
  ahead = 60_000;
  const { code: problem, message } = await errorOf(failed.call(STATUS));
  assert.equal(problem, 'mks-login-refused');
  assert.match(message, /three logins within a minute/);
});

test('a login that never left is none of the three', async (t) => {
  const { mks, upstream, redis, keys } = await setUp(t);
  await mks.call(STATUS);
  await redis.del(keys.token('TIB'));
  await upstream.close();
  for (let n = 0; n < 5; n += 1) {
    assert.equal((await errorOf(mks.call(STATUS))).code, 'mks-unreachable');
  }
  assert.equal(await redis.llen(keys.logins('TIB')), 1, 'the one that MKS saw');
});

test('RP045: once more, with a new reference', async (t) => {
  const { mks, upstream } = await setUp(t);
  upstream.onAuth = () =>
    upstream.logins === 1 ? { status: 422, body: code('RP045') } : granted();
  await mks.call(STATUS);
  const [first, second] = upstream.received;
  assert.equal(upstream.logins, 2);
  assert.notEqual(first?.senderReference, second?.senderReference);
});

test('a signed token answer is tolerated, one signed by a stranger is not', async (t) => {
  const { mks, upstream, redis, keys } = await setUp(t);
  const token = { tokenType: 'bearer', token: 'abc', LifeTime: 3600 };
  upstream.onAuth = () => ({ body: jws(token, mkk.privateKey) });
  await mks.call(STATUS);
  await redis.del(keys.token('TIB'));
  upstream.onAuth = () => ({ body: jws(token, memberIdentity.privateKey) });
  assert.equal((await errorOf(mks.call(STATUS))).code, 'mks-error');
});

test('a refused login pauses every replica for 60 s, then 120 s, up to 15 min', async (t) => {
  const { mks, upstream, replica, redis, keys } = await setUp(t, {
    handlers: { onAuth: () => refusal },
  });
  const other = await replica();
  const refusalKey = keys.loginRefusal('TIB');
  for (const seconds of [60, 120, 240, 480, 900, 900]) {
    const before = upstream.logins;
    const errors = await Promise.all(
      [mks, other, mks, other].map((each) => errorOf(each.call(STATUS))),
    );
    for (const error of errors) {
      assert.equal(error.code, 'mks-login-refused');
      assert.equal(error.details.mksCode, '0x00d30003');
      const { retryAfterMs = 0 } = error.details;
      assert.ok(retryAfterMs > (seconds - 5) * 1000 && retryAfterMs <= seconds * 1000);
    }
    assert.equal(upstream.logins, before + 1, 'one login a pause');
    const state = await other.tokenState('TIB');
    assert.ok(Math.abs((state.refusedUntil ?? 0) - Date.now() - seconds * 1000) < 5000);
    // The pause is over, and with it the minute of its login.
    await redis.hset(refusalKey, 'until', 0);
    await redis.del(keys.logins('TIB'));
  }
  assert.equal(upstream.calls.length, 0);
});

test('a changed password ends the pause, a success forgets it', async (t) => {
  const { mks, upstream, credentials, redis, keys } = await setUp(t);
  upstream.onAuth = ({ payload }) => (payload['password'] === PASSWORD ? refusal : granted());
  await errorOf(mks.call(STATUS));
  await errorOf(mks.call(STATUS));
  assert.equal(upstream.logins, 1);
  const record = await redis.hgetall(keys.loginRefusal('TIB'));
  assert.ok(!JSON.stringify(record).includes(PASSWORD));
  credentials.members.set('TIB', { ...member, password: 'N3w!pass' });
  await mks.call(STATUS);
  assert.equal(await redis.exists(keys.loginRefusal('TIB')), 0);
});

test('nothing secret is logged', async (t) => {
  const { mks, upstream, logged } = await setUp(t);
  await mks.call(STATUS);
  const token = upstream.calls[0]?.headers.authorization?.slice('Bearer '.length) ?? '';
  upstream.onAuth = () => refusal;
  upstream.onCall = () => ({ status: 401 });
  await errorOf(mks.call(STATUS));
  const text = logged.join('');
  assert.ok(text.length > 0 && token.length > 10);
  for (const secret of [token, PASSWORD, upstream.calls[0]?.text ?? '']) {
    assert.ok(!text.includes(secret));
  }
});

/** One login per member and token life, whoever asks; an old token serves until the new one is in. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { granted, jws, message, type Received } from '../support/upstream.ts';
import { testSealer } from '../support/sealing.ts';
import { liveThroughTokens } from '../support/skewed-clocks.ts';
import { errorOf, member, mkk, redisOfFile, setUp, STATUS, type Setting } from './support.ts';
import { sampleToken } from './vectors.ts';

/** Makes the stored token older, as Redis sees it: by its life left. */
async function age({ redis, keys }: Setting, byMs: number): Promise<void> {
  const key = keys.token('TIB');
  await redis.pexpire(key, (await redis.pttl(key)) - byMs);
}

/** Answers only the token of the last login, and the others as MKS would a refused one. */
function onlyNewest({ upstream }: Setting, refusal: object): void {
  let newest = '';
  upstream.onAuth = () => {
    const answer = granted();
    newest = `Bearer ${(JSON.parse((answer as { body: string }).body) as { token: string }).token}`;
    return answer;
  };
  upstream.onCall = (received: Received) =>
    received.headers.authorization === newest
      ? { body: jws(message(received), mkk.privateKey) }
      : refusal;
}

test('1,000 callers of 4 replicas, cold: one login', async (t) => {
  // A thousand connections at once are not what a deadline of some seconds is for.
  const setting = await setUp(t, { config: { requestTimeoutMs: 60_000 } });
  const { mks, upstream, replica } = setting;
  upstream.onAuth = async () => {
    await sleep(200);
    return granted();
  };
  const replicas = [mks, await replica(), await replica(), await replica()];
  const calls = replicas.flatMap((each) => Array.from({ length: 250 }, () => each.call(STATUS)));
  await Promise.all(calls);
  assert.equal(upstream.logins, 1);
  assert.equal(upstream.calls.length, 1000);
});

test('a revoked token: 200 callers of 2 replicas, one login more, and every call succeeds', async (t) => {
  const setting = await setUp(t);
  const { mks, upstream, replica } = setting;
  onlyNewest(setting, { status: 401 });
  await mks.call(STATUS);
  const inner = upstream.onCall;
  const revoked = upstream.calls[0]?.headers.authorization;
  upstream.onCall = (received) =>
    received.headers.authorization === revoked ? { status: 401 } : inner(received);
  const other = await replica();
  const answers = await Promise.all(
    [mks, other].flatMap((each) => Array.from({ length: 100 }, () => each.call(STATUS))),
  );
  assert.equal(upstream.logins, 2);
  assert.equal(new Set(answers.map((answer) => answer.senderReference)).size, 200);
});

for (const [name, refusal] of [
  ['401', { status: 401 }],
  ['403', { status: 403, body: '<html></html>' }],
  ['OI006', { status: 200, body: '{"response":{"responseCode":"OI006"}}' }],
  ['0x00d3…', { status: 500, body: '{"error_code":"0x00d30023"}' }],
] as const) {
  test(`${name}: a new token and a new reference, once`, async (t) => {
    const setting = await setUp(t);
    const { mks, upstream } = setting;
    await mks.call(STATUS);
    onlyNewest(setting, refusal);
    const answer = await mks.call(STATUS);
    assert.equal(upstream.logins, 2);
    const [, first, second] = upstream.calls;
    assert.notEqual(first?.senderReference, second?.senderReference);
    assert.equal(answer.senderReference, second?.senderReference);

    upstream.onCall = () => refusal;
    const again = await errorOf(mks.call(STATUS));
    assert.equal(again.details.tokenRefused, true);
    assert.equal(again.outcome, 'refused');
    assert.equal(again.code, name === 'OI006' ? 'mks-error' : 'mks-login-refused');
    assert.equal(again.details.retryAfterMs, undefined);
    assert.equal(upstream.logins, 3, 'replaced however young, once for the call');
  });
}

test('whatever is refused: three logins a minute of all replicas, then the refusal is told', async (t) => {
  const setting = await setUp(t);
  const { mks, upstream, replica, redis, keys } = setting;
  upstream.onCall = () => ({ status: 401 });
  const replicas = [mks, await replica()];
  const refused = await Promise.all(
    Array.from({ length: 40 }, (_, index) => errorOf((replicas[index % 2] ?? mks).call(STATUS))),
  );
  assert.ok(upstream.logins >= 2 && upstream.logins <= 3, `${upstream.logins} logins`);
  for (const error of refused) assert.equal(error.details.tokenRefused, true);
  await errorOf(mks.call(STATUS));
  const told = await errorOf(mks.call(STATUS));
  assert.equal(upstream.logins, 3);
  assert.equal(told.code, 'mks-login-refused');
  assert.equal(told.outcome, 'refused');
  assert.ok(
    (told.details.retryAfterMs ?? 0) > 50_000 && (told.details.retryAfterMs ?? 0) <= 60_000,
  );

  // What the refusal of one service says nothing of: the token still serves the others.
  upstream.onCall = (received) => ({ body: jws(message(received), mkk.privateKey) });
  await mks.call(STATUS);
  assert.equal(upstream.logins, 3);

  await redis.del(keys.logins('TIB'));
  onlyNewest(setting, { status: 401 });
  await mks.call(STATUS);
  assert.equal(upstream.logins, 4, 'a minute later it is replaced again');
});

test('a reference that the caller gave is kept over a refused token without a messageId', async (t) => {
  const setting = await setUp(t);
  const { mks, upstream } = setting;
  upstream.onCall = () => ({ status: 400, body: '{"responseCode":"OI002"}' });
  const { senderReference = '' } = (await errorOf(mks.call(STATUS))).details;
  onlyNewest(setting, { status: 401 });
  await mks.call({ ...STATUS, senderReference });
  assert.deepEqual(
    upstream.calls.map((call) => call.senderReference),
    [senderReference, senderReference, senderReference],
  );
});

test('a signed OI006 refuses the token too; a signed business code under 401 does not', async (t) => {
  const setting = await setUp(t);
  const { mks, upstream } = setting;
  await mks.call(STATUS);
  upstream.onCall = (received) => ({
    status: 401,
    body: jws(message(received, 'RP048'), mkk.privateKey),
  });
  const answer = await mks.call(STATUS);
  assert.equal(answer.kind === 'message' && answer.code, 'RP048');
  upstream.onCall = (received) => ({ body: jws(message(received, 'OI006'), mkk.privateKey) });
  const error = await errorOf(mks.call(STATUS));
  assert.equal(error.details.tokenRefused, true);
  assert.equal(error.details.verified, true);
  assert.equal(upstream.logins, 2);
});

test('the token is renewed ahead by one process while the old one serves', async (t) => {
  const setting = await setUp(t);
  const { mks, upstream, replica } = setting;
  const other = await replica();
  await mks.call(STATUS);
  const old = upstream.calls[0]?.headers.authorization;
  await age(setting, 3_400_000);
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  upstream.onAuth = async () => {
    await released;
    return granted();
  };
  await Promise.all([mks, other, mks, other].map((each) => each.call(STATUS)));
  while (upstream.logins < 2) await sleep(5);
  await mks.call(STATUS);
  assert.equal(upstream.logins, 2);
  assert.ok(upstream.calls.every((call) => call.headers.authorization === old));
  release();
  while ((await setting.redis.pttl(setting.keys.token('TIB'))) < 3_000_000) await sleep(5);
  await other.call(STATUS);
  assert.notEqual(upstream.calls.at(-1)?.headers.authorization, old);
  assert.equal(upstream.logins, 2);
});

test('a renewal ahead that fails is logged and hurts nobody', async (t) => {
  const setting = await setUp(t);
  const { mks, upstream, logged } = setting;
  await mks.call(STATUS);
  await age(setting, 3_400_000);
  upstream.onAuth = () => (response) => void response.socket?.destroy();
  await mks.call(STATUS);
  while (!logged.some((line) => line.includes('could not be renewed'))) await sleep(5);
  await mks.call(STATUS);
  assert.equal(upstream.logins, 2, 'it is not tried again at once');
});

test('an expired token is never sent, whatever the wall clock says', async (t) => {
  const size = { lifeSeconds: 2, lives: 2 };
  const { expired, loginsInALife, calls } = await liveThroughTokens(
    t,
    redisOfFile,
    [-600_000, 0, 600_000],
    size,
  );
  assert.equal(expired, 0);
  assert.ok(loginsInALife <= 2, `${loginsInALife} logins within a token's life`);
  assert.ok(calls > 3, `${calls} calls`);
});

test('life counts from before the login, less a margin; absent it is an hour', async (t) => {
  const setting = await setUp(t);
  const { mks, upstream, redis, keys } = setting;
  for (const [lifeTime, atLeast, atMost] of [
    ['3600', 3_594_000, 3_595_000],
    [3600, 3_594_000, 3_595_000],
    [undefined, 3_594_000, 3_595_000],
    ['20', 17_000, 18_000],
  ] as const) {
    await redis.del(keys.token('TIB'), keys.logins('TIB'));
    upstream.onAuth = () => granted({ LifeTime: lifeTime });
    await mks.call(STATUS);
    const lifeMs = await redis.pttl(keys.token('TIB'));
    assert.ok(lifeMs > atLeast && lifeMs <= atMost, `${lifeTime}: ${lifeMs}`);
  }
  await redis.del(keys.token('TIB'), keys.logins('TIB'));
  upstream.onAuth = async () => {
    await sleep(1500);
    return granted({ LifeTime: '1' });
  };
  const error = await errorOf(mks.call(STATUS));
  assert.equal(error.code, 'mks-error');
  assert.equal(error.outcome, 'not-sent');
});

test('a token of another host or user counts as none; it is sealed', async (t) => {
  const setting = await setUp(t);
  const { mks, upstream, redis, keys, credentials } = setting;
  await mks.call(STATUS);
  const sealed = (await redis.get(keys.token('TIB'))) ?? '';
  const token = upstream.calls[0]?.headers.authorization?.slice('Bearer '.length) ?? '-';
  assert.ok(!sealed.includes(token) && !sealed.includes('TIB991'));
  credentials.members.set('TIB', { ...member, userCode: 'TIB992' });
  await mks.call(STATUS);
  assert.equal(upstream.logins, 2);
  await redis.set(keys.token('TIB'), 'not sealed at all', 'PX', 100_000);
  await mks.call(STATUS);
  assert.equal(upstream.logins, 3);
});

test('a token whose record says nothing of its life counts as none', async (t) => {
  const { mks, upstream, redis, keys } = await setUp(t);
  const record = { token: 'of an older form', baseUrl: upstream.url, userCode: member.userCode };
  for (const [index, life] of [{}, { lifeMs: 60_000 }, { marginMs: 5_000 }].entries()) {
    const sealed = testSealer.seal('TIB', 'token', JSON.stringify({ ...record, ...life }));
    await redis.set(keys.token('TIB'), sealed, 'PX', 100_000);
    await mks.call(STATUS);
    assert.equal(upstream.logins, index + 1);
  }
});

test('MKS’s sample token is taken, and its reason is shown to operators', async (t) => {
  const { mks, upstream } = await setUp(t);
  assert.deepEqual(await mks.tokenState('TIB'), {});
  upstream.onAuth = () => granted({ token: sampleToken });
  await mks.call(STATUS);
  assert.equal(upstream.calls[0]?.headers.authorization, `Bearer ${sampleToken}`);
  const state = await mks.tokenState('TIB');
  assert.match(state.reason ?? '', /^TIB991 .*!\.$/);
  assert.ok(Math.abs((state.expiresAt ?? 0) - Date.now() - 3_595_000) < 2000);
});

test('a reason is shown as it is, without control characters, and marked where it is cut', async (t) => {
  const { mks, upstream, redis, keys } = await setUp(t);
  const long = 'u'.repeat(255);
  for (const [reason, shown] of [
    [' Şifre 3 gün sonra bitiyor. ', 'Şifre 3 gün sonra bitiyor.'],
    ['one\u001b[31m\nline', 'one [31m line'],
    [long, long],
    [`${long}x`, `${long.slice(1)}…`],
  ] as const) {
    await redis.del(keys.token('TIB'), keys.logins('TIB'));
    const claims = Buffer.from(JSON.stringify({ claim: { reason } })).toString('base64url');
    upstream.onAuth = () => granted({ token: `e30.${claims}.c2ln` });
    await mks.call(STATUS);
    assert.equal((await mks.tokenState('TIB')).reason, shown);
  }
});

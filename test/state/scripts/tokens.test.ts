/** The scripts of tokens: one who logs in, a pause that grows, and a limit for all replicas. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { runScript } from '../../../src/state/script.ts';
import {
  findToken,
  permitLogin,
  refuseLogin,
  releaseLock,
  storeToken,
} from '../../../src/state/scripts/tokens.ts';
import { startState } from '../../support/state.ts';
import { until } from '../../support/until.ts';

const openState = await startState();

async function setUp(t: TestContext) {
  const { redis, prefix } = await openState(t);
  const [token, refusal, lock] = [`${prefix}token`, `${prefix}refusal`, `${prefix}lock`];
  const find = (owner: string, change: Partial<{ ignored: string; lockMs: number }> = {}) =>
    runScript(redis, findToken, [token, refusal, lock], {
      ignored: '',
      fingerprints: ['password'],
      owner,
      lockMs: 60_000,
      ...change,
    });
  const store = (owner: string, sealed: string, replaces = '') =>
    runScript(redis, storeToken, [token, refusal, lock], {
      sealed,
      lifeMs: 50_000,
      owner,
      replaces,
    });
  const refuse = (owner: string, fingerprints = ['password'], firstPauseMs = 60_000) =>
    runScript(redis, refuseLogin, [refusal, lock], {
      fingerprints,
      firstPauseMs,
      longestPauseMs: 200_000,
      rememberedMs: 10_000,
      code: '0x00d30003',
      owner,
    });
  return { redis, token, refusal, lock, find, store, refuse };
}

test('of all who find no token, one logs in; who only looks takes nothing', async (t) => {
  const { find } = await setUp(t);
  assert.deepEqual(await find('a', { lockMs: 0 }), ['absent', '', 0, 0, '']);
  const all = await Promise.all(Array.from({ length: 20 }, (_, n) => find(`owner ${n}`)));
  const verdicts = all.map(([verdict]) => verdict);
  assert.equal(verdicts.filter((verdict) => verdict === 'locked').length, 1);
  assert.equal(verdicts.filter((verdict) => verdict === 'busy').length, 19);
});

test('the lock of one who died goes by itself', async (t) => {
  const { find } = await setUp(t);
  assert.equal((await find('dead', { lockMs: 100 }))[0], 'locked');
  assert.equal((await find('b'))[0], 'busy');
  await until(async () => (await find('b'))[0] === 'locked');
});

test('a stored token is found with its life, frees the lock and ends the pause', async (t) => {
  const { redis, lock, refusal, find, store, refuse } = await setUp(t);
  await refuse('earlier');
  await redis.set(lock, 'a');
  assert.equal(await store('a', 'sealed'), 1);
  const [verdict, sealed, leftMs, pauseMs, code] = await find('b');
  assert.deepEqual([verdict, sealed, pauseMs, code], ['token', 'sealed', 0, '']);
  assert.ok(leftMs > 40_000 && leftMs <= 50_000);
  assert.equal(await redis.exists(lock, refusal), 0);
  // One that is as good as none is as if it were not there.
  assert.equal((await find('b', { ignored: 'sealed' }))[0], 'locked');
});

test('who has lost the lock does not overwrite a newer token', async (t) => {
  const { redis, token, find, store } = await setUp(t);
  await find('late', { lockMs: 60_000 });
  await redis.del(`${token.slice(0, -'token'.length)}lock`);
  await find('quick');
  assert.equal(await store('quick', 'new', ''), 1);
  assert.equal(await store('late', 'old', ''), 0);
  assert.equal(await redis.get(token), 'new');
  // A token that stands there still is the one to be replaced: then nobody was quicker.
  assert.equal(await store('late', 'newer', 'new'), 1);
  assert.equal(await redis.get(token), 'newer');
});

test('a lock is let go by its owner alone', async (t) => {
  const { redis, lock, refuse } = await setUp(t);
  await redis.set(lock, 'a');
  assert.equal(await runScript(redis, releaseLock, [lock], { owner: 'b' }), 0);
  await refuse('b');
  assert.equal(await redis.get(lock), 'a');
  assert.equal(await runScript(redis, releaseLock, [lock], { owner: 'a' }), 1);
  await redis.set(lock, 'a');
  await refuse('a');
  assert.equal(await redis.exists(lock), 0);
});

test('the pause doubles to its longest, and begins anew with another password', async (t) => {
  const { redis, refusal, find, refuse } = await setUp(t);
  const pauses = [];
  for (let n = 0; n < 4; n += 1) pauses.push(await refuse('a'));
  assert.deepEqual(pauses, [60_000, 120_000, 200_000, 200_000]);
  const [verdict, , , pauseMs, code] = await find('b');
  assert.deepEqual([verdict, code], ['paused', '0x00d30003']);
  assert.ok(pauseMs > 190_000 && pauseMs <= 200_000);
  const keptMs = await redis.pttl(refusal);
  assert.ok(keptMs > 205_000 && keptMs <= 210_000, 'the pause and ten seconds');
  // The same password under the fingerprint of an earlier sealing key is the same password.
  assert.equal(await refuse('a', ['password of another key', 'password']), 200_000);
  assert.equal(await redis.hget(refusal, 'fingerprint'), 'password of another key');
  assert.equal((await find('b'))[0], 'locked', 'the pause was for another password');
  assert.equal(await refuse('a', ['another']), 60_000);
});

test('a token that is there is given out in the pause too, with the pause beside it', async (t) => {
  const { find, store, refuse } = await setUp(t);
  await store('a', 'sealed');
  await refuse('a');
  const [verdict, sealed, , pauseMs, code] = await find('b');
  assert.deepEqual([verdict, sealed, code], ['token', 'sealed', '0x00d30003']);
  assert.ok(pauseMs > 0);
});

test('so many logins in a window, then it tells how long until the next', async (t) => {
  const { redis, prefix } = await openState(t);
  const permit = () =>
    runScript(redis, permitLogin, [`${prefix}logins`], { limit: 3, windowMs: 600 });
  assert.deepEqual([await permit(), await permit(), await permit()], [0, 0, 0]);
  const waitMs = await permit();
  assert.ok(waitMs > 0 && waitMs <= 600, `${waitMs}`);
  assert.equal(await redis.llen(`${prefix}logins`), 3, 'a refused one does not count');
  await until(async () => (await permit()) === 0);
});

/** A token that the process remembers: never looked up again, never sent once it is not the stored one. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import test from 'node:test';
import { granted, jws, message } from '../support/upstream.ts';
import { errorOf, member, mkk, setUp, STATUS, type Setting } from './support.ts';
import { findToken } from '../../src/state/scripts/tokens.ts';

/** The token that the last message went out with. */
const lastToken = ({ upstream }: Setting) => upstream.calls.at(-1)?.headers.authorization;

/**
 * Counts how often this setting's token is looked up, by what Redis shows of all commands: over a socket, since
 * ioredis' own monitor takes a line that comes with the answer to MONITOR for an answer too many.
 */
async function countLookups({ redis, keys }: Setting, work: () => Promise<unknown>) {
  const key = keys.token('TIB');
  const monitor = connect({ path: redis.options.path ?? '' }).setEncoding('utf8');
  const lines = createInterface({ input: monitor })[Symbol.asyncIterator]();
  try {
    monitor.write('MONITOR\r\n');
    assert.equal((await lines.next()).value, '+OK');
    await work();
    await redis.get(`${key}-end`);
    let count = 0;
    for await (const line of lines) {
      if (line.includes(`${key}-end`)) return count;
      if (line.includes(findToken.digest) && line.includes(key)) count += 1;
    }
    throw new Error('Redis has ended the monitor');
  } finally {
    monitor.destroy();
  }
}

test('it is looked up once, however many messages bear it', async (t) => {
  const setting = await setUp(t);
  const { mks } = setting;
  await mks.call(STATUS);
  const lookups = await countLookups(setting, async () => {
    for (let n = 0; n < 5; n += 1) await mks.call(STATUS);
    await Promise.all([mks.call(STATUS), mks.call(STATUS)]);
  });
  assert.equal(lookups, 0);
  await setting.redis.del(setting.keys.token('TIB'));
  assert.equal(await countLookups(setting, () => mks.call(STATUS)), 3, 'gone: looked up, got anew');
});

test('one that another replica has replaced is not sent again, not even once', async (t) => {
  const setting = await setUp(t);
  const { mks, upstream, replica } = setting;
  const other = await replica();
  await mks.call(STATUS);
  const old = lastToken(setting);
  await other.call(STATUS);
  assert.equal(lastToken(setting), old);
  upstream.onCall = (received) =>
    received.headers.authorization === old
      ? { status: 401 }
      : { body: jws(message(received), mkk.privateKey) };
  await other.call(STATUS);
  const sent = upstream.calls.length;
  await mks.call(STATUS);
  assert.equal(upstream.calls.length, sent + 1, 'and no reference was spent on it');
  assert.notEqual(lastToken(setting), old);
  assert.equal(upstream.logins, 2);
});

test('one that is gone from Redis is not sent, and nothing is while logging in is paused', async (t) => {
  const setting = await setUp(t);
  const { mks, upstream, redis, keys } = setting;
  await mks.call(STATUS);
  await redis.del(keys.token('TIB'));
  upstream.onAuth = () => ({ status: 401, body: '{"error_code":"0x00d30023"}' });
  assert.equal((await errorOf(mks.call(STATUS))).code, 'mks-login-refused');
  assert.equal((await errorOf(mks.call(STATUS))).code, 'mks-login-refused');
  assert.equal(upstream.calls.length, 1);
  assert.equal(upstream.logins, 2);
});

test('its end is what Redis says of it, so a clock that stood still sends nothing that has ended', async (t) => {
  const started = performance.now();
  // As of a machine that slept: the monotonic clock knows nothing of the time between.
  const setting = await setUp(t, { clock: { now: Date.now, elapsedMs: () => started } });
  const { mks, upstream, redis, keys } = setting;
  upstream.onAuth = () => granted({ LifeTime: '3600' });
  await mks.call(STATUS);
  const old = lastToken(setting);
  await redis.pexpire(keys.token('TIB'), 0);
  await mks.call(STATUS);
  assert.notEqual(lastToken(setting), old);
  assert.equal(upstream.logins, 2);
});

test('other credentials of the member do not find it', async (t) => {
  const setting = await setUp(t);
  const { mks, upstream, credentials } = setting;
  await mks.call(STATUS);
  credentials.members.set('TIB', { ...member, userCode: 'TIB992' });
  await mks.call(STATUS);
  assert.equal(upstream.logins, 2);
  credentials.members.set('TIB', { ...member, userCode: 'TIB992', password: 'An0ther!' });
  const lookups = await countLookups(setting, async () => {
    await mks.call(STATUS);
    await mks.call(STATUS);
  });
  assert.equal(lookups, 1, 'looked up anew, and then remembered');
  assert.equal(upstream.logins, 2, 'the stored one is for this user');
});

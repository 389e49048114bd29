import assert from 'node:assert/strict';
import { createConnection, createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { test, type TestContext } from 'node:test';
import type { Redis } from 'ioredis';
import { createRedis, ready, stateful, type RedisRole } from '../../src/state/connection.ts';
import { StateUnavailableError } from '../../src/state/errors.ts';
import { freePort } from '../support/port.ts';
import { startRedis } from '../support/redis.ts';

interface LogLine {
  message: string;
  details: object;
}

function connect(t: TestContext, url: string, role: RedisRole, lines: LogLine[] = []): Redis {
  const note = (details: object, message: string): void => void lines.push({ details, message });
  const redis = createRedis(url, role, { info: note, warn: note });
  t.after(() => redis.disconnect());
  return redis;
}

test('a command is answered, and one that Redis refuses fails as it is', async (t) => {
  const { url } = await startRedis(t);
  const redis = connect(t, url, 'commands');
  await ready(redis);
  assert.equal(await stateful(redis.set('name', 'value')), 'OK');
  await assert.rejects(stateful(redis.incr('name')), { name: 'ReplyError' });
});

/** What one round trip costs Redis: a read of a connection, however many commands it brings. */
async function readsOf(redis: Redis): Promise<number> {
  const [, reads] = /total_reads_processed:(\d+)/.exec(await redis.info('stats')) ?? [];
  return Number(reads);
}

test('what is asked in one turn of the loop is one round trip, in the order of asking', async (t) => {
  const { url } = await startRedis(t);
  const redis = connect(t, url, 'commands');
  const other = connect(t, url, 'bulk');
  await Promise.all([ready(redis), ready(other)]);
  const before = await readsOf(other);
  const first = redis.rpush('names', 'a');
  await Promise.resolve();
  const second = redis.rpush('names', 'b');
  await new Promise((resolve) => process.nextTick(resolve));
  const third = redis.rpush('names', 'c');
  assert.deepEqual(await Promise.all([first, second, third]), [1, 2, 3]);
  assert.equal((await readsOf(other)) - before, 2, 'one, and the look itself');
  assert.deepEqual(await redis.lrange('names', 0, -1), ['a', 'b', 'c']);
});

test('what is asked in the turn in which the connection breaks fails, and what comes later does not', async (t) => {
  const { url } = await startRedis(t);
  const redis = connect(t, url, 'commands');
  await ready(redis);
  const asked = stateful(redis.incr('counter'));
  redis.stream.destroy();
  await assert.rejects(asked, StateUnavailableError);
  await ready(redis);
  assert.equal(await stateful(redis.incr('counter')), 1, 'the other one was never sent');
  assert.equal(await stateful(redis.incr('counter')), 2);
});

test('a failing command does not carry its arguments along', async (t) => {
  const { url } = await startRedis(t);
  const redis = connect(t, url, 'commands');
  await ready(redis);
  await redis.set('name', 'value');
  const error: unknown = await stateful(redis.lpush('name', 'a-secret')).catch((e: unknown) => e);
  assert.ok(error instanceof Error);
  assert.ok(!JSON.stringify(error).includes('a-secret'));
});

test('a Redis that goes away is told once, fails commands at once, and comes back', async (t) => {
  const server = await startRedis(t);
  const lines: LogLine[] = [];
  const redis = connect(t, server.url, 'commands', lines);
  await ready(redis);
  await redis.set('kept', '1');

  const lost = once(redis, 'reconnecting');
  await server.kill();
  await lost;
  const started = performance.now();
  for (let attempt = 0; attempt < 20; attempt += 1) {
    await assert.rejects(stateful(redis.get('kept')), StateUnavailableError);
  }
  assert.ok(performance.now() - started < 2_000);
  assert.deepEqual(
    lines.map((line) => line.message),
    ['Redis connection lost'],
  );

  await server.restart();
  await ready(redis);
  assert.equal(await stateful(redis.get('kept')), '1');
  assert.equal(lines.at(-1)?.message, 'Redis connection restored');
});

test('commands under way when Redis dies fail at once and are not sent again', async (t) => {
  const server = await startRedis(t);
  const redis = connect(t, server.url, 'commands');
  await ready(redis);
  process.kill(server.pid, 'SIGSTOP');
  const started = performance.now();
  const operations = Array.from({ length: 10 }, () => stateful(redis.incr('counter')));
  const [outcomes] = await Promise.all([Promise.allSettled(operations), server.kill()]);
  for (const outcome of outcomes) {
    assert.equal(outcome.status, 'rejected');
    assert.ok(outcome.reason instanceof StateUnavailableError);
  }
  assert.ok(performance.now() - started < 1_500);
  await server.restart();
  await ready(redis);
  assert.equal(await stateful(redis.get('counter')), null);
});

test('a Redis that hangs is a state that is unavailable', async (t) => {
  const server = await startRedis(t);
  const redis = connect(t, server.url, 'commands');
  await ready(redis);
  process.kill(server.pid, 'SIGSTOP');
  const operation = stateful(redis.get('name'));
  await assert.rejects(operation, StateUnavailableError);
  process.kill(server.pid, 'SIGCONT');
  await ready(redis);
  assert.equal(await stateful(redis.ping()), 'PONG');
});

test('a peer that has vanished is given up, and another connection made', async (t) => {
  const { socket } = await startRedis(t);
  const pairs: Socket[][] = [];
  const proxy = createServer((client) => {
    const server = createConnection(socket);
    pairs.push([client, server]);
    client.pipe(server).pipe(client);
    for (const end of [client, server]) end.on('error', () => end.destroy());
  }).listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  t.after(() => {
    proxy.close();
    for (const end of pairs.flat()) end.destroy();
  });
  const address = proxy.address();
  assert.ok(address !== null && typeof address === 'object');
  const roles = ['commands', 'subscriber'] as const;
  const clients = roles.map((role) => connect(t, `redis://127.0.0.1:${address.port}`, role));
  for (const redis of clients) await ready(redis);
  const lost = clients.map((redis) => once(redis, 'reconnecting'));
  // From now on these two pairs swallow everything, as a cut cable does.
  for (const end of pairs.flat()) end.unpipe().resume();
  await Promise.all(lost);
  for (const redis of clients) await ready(redis);
  for (const redis of clients) assert.equal(await redis.ping(), 'PONG');
});

test('nothing is queued while Redis is not there, and ready says so', async (t) => {
  const redis = connect(t, 'redis://127.0.0.1:1', 'commands');
  await assert.rejects(stateful(redis.ping()), StateUnavailableError);
  await assert.rejects(ready(redis, 300), StateUnavailableError);
});

for (const setting of [
  ['maxmemory', '1'],
  ['min-replicas-to-write', '1'],
] as const) {
  test(`a Redis that cannot write (${setting[0]}) is unavailable, in scripts too`, async (t) => {
    const { url } = await startRedis(t);
    const redis = connect(t, url, 'commands');
    await ready(redis);
    await redis.config('SET', ...setting);
    await assert.rejects(stateful(redis.set('name', 'value')), StateUnavailableError);
    const script = redis.eval("return redis.call('SET', KEYS[1], '1')", 1, 'name');
    await assert.rejects(stateful(script), StateUnavailableError);
  });
}

test('a replica that cannot write is unavailable', async (t) => {
  const master = await startRedis(t);
  const redis = connect(t, master.url, 'commands');
  await ready(redis);
  await redis.replicaof('127.0.0.1', '1');
  await assert.rejects(stateful(redis.set('name', 'value')), StateUnavailableError);
});

test('a wrong password is unavailable, and no log line repeats it', async (t) => {
  const server = await startRedis(t);
  const port = await freePort();
  const admin = connect(t, server.url, 'commands');
  await ready(admin);
  await admin.config('SET', 'port', String(port));
  await admin.config('SET', 'requirepass', 'the-right-one');
  const lines: LogLine[] = [];
  const redis = connect(t, `redis://:a-wrong-one@127.0.0.1:${port}`, 'commands', lines);
  await assert.rejects(ready(redis, 500), StateUnavailableError);
  await assert.rejects(stateful(redis.get('name')), StateUnavailableError);
  assert.equal(lines.length, 1);
  assert.ok(!JSON.stringify(lines).includes('a-wrong-one'));

  const welcome = connect(t, `redis://:the-right-one@127.0.0.1:${port}/3`, 'commands');
  await ready(welcome);
  assert.equal(await stateful(welcome.set('name', 'value')), 'OK');
});

test('a blocking connection waits out an absence of Redis', async (t) => {
  const server = await startRedis(t);
  const redis = connect(t, server.url, 'blocking');
  await ready(redis);
  await server.kill();
  const answer = redis.ping();
  await server.restart();
  assert.equal(await answer, 'PONG');
});

test('a subscriber hears again after Redis was away', async (t) => {
  const server = await startRedis(t);
  const subscriber = connect(t, server.url, 'subscriber');
  const commands = connect(t, server.url, 'commands');
  await subscriber.subscribe('news');
  await server.kill();
  // `once` of events would take a first try that finds nobody for the end.
  const back = new Promise((resolve) => subscriber.once('ready', resolve));
  await server.restart();
  await back;
  await ready(commands);
  const heard = once(subscriber, 'message');
  while ((await commands.publish('news', 'hello')) === 0);
  assert.deepEqual(await heard, ['news', 'hello']);
});

test('other errors pass through untouched', async () => {
  const error = new TypeError('a mistake in the program');
  await assert.rejects(stateful(Promise.reject(error)), (thrown) => thrown === error);
  const known = new StateUnavailableError();
  await assert.rejects(stateful(Promise.reject(known)), (thrown) => thrown === known);
});

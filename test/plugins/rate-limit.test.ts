/** Requests a minute of an API client, and failures to log in of an address. */
import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { test } from 'node:test';
import { createRedis } from '../../src/state/connection.ts';
import { createRequestCounts } from '../../src/state/request-counts.ts';
import { client, keyOf, startEdge } from '../support/edge.ts';
import { startRedis } from '../support/redis.ts';

const clients = () => [client('one', ['TIB']), client('two', ['TIB'])];

async function slugOf(response: Response): Promise<string> {
  const { type } = (await response.json()) as { type: string };
  return type.replace('/problems/', '');
}

test('counts each client by itself, in all its requests, and says how many are left', async (t) => {
  const { get, post } = await startEdge(t, { clients, rateLimitPerMinute: 5 });
  const first = await get('/balances', keyOf('one'));
  assert.equal(first.status, 200);
  assert.equal(first.headers.get('ratelimit-limit'), '5');
  assert.equal(first.headers.get('ratelimit-remaining'), '4');
  assert.ok(Number(first.headers.get('ratelimit-reset')) > 0);
  // Invalid requests and unknown addresses count like any other.
  assert.equal((await post('/balances', '{', keyOf('one'))).status, 400);
  assert.equal((await get('/nothing', keyOf('one'))).status, 404);
  assert.equal((await get('/service-hours', keyOf('one'))).status, 200);
  assert.equal((await get('/members', keyOf('one'))).headers.get('ratelimit-remaining'), '0');
  const refused = await get('/balances', keyOf('one'));
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get('ratelimit-remaining'), '0');
  const retryAfter = Number(refused.headers.get('retry-after'));
  assert.ok(retryAfter >= 1 && retryAfter <= 60, String(retryAfter));
  assert.match(refused.headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.equal(await slugOf(refused), 'rate-limited');
  assert.equal((await get('/balances', keyOf('two'))).status, 200);
});

test('leaves out what needs no key', async (t) => {
  const { get } = await startEdge(t, { clients, rateLimitPerMinute: 1 });
  for (const path of ['/health/live', '/health/ready', '/health/upstream', '/metrics']) {
    for (let i = 0; i < 3; i += 1) {
      const response = await get(path);
      assert.equal(response.status, 200, path);
      assert.equal(response.headers.get('ratelimit-limit'), null, path);
      await response.bytes();
    }
  }
  for (const path of ['/docs/', '/openapi.json', '/problems/conflict']) {
    const statuses = await Promise.all([get(path), get(path), get(path)]);
    assert.deepEqual(
      statuses.map(({ status }) => status),
      [200, 200, 200],
      path,
    );
  }
});

test('counts in Redis for all replicas; without Redis requests pass', async (t) => {
  const server = await startRedis(t);
  const redis = createRedis(server.url, 'counting');
  t.after(() => redis.disconnect());
  const edges = await Promise.all(
    [0, 1].map(() => {
      const countRequest = createRequestCounts(redis, 'mks:rate:');
      return startEdge(t, { clients, rateLimitPerMinute: 6, countRequest });
    }),
  );
  const statuses: number[] = [];
  for (let i = 0; i < 8; i += 1) {
    const response = await edges[i % 2]?.get('/service-hours', keyOf('one'));
    statuses.push(response?.status ?? 0);
  }
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 200, 429, 429]);
  assert.deepEqual(await redis.keys('*'), ['mks:rate:one']);
  assert.ok((await redis.pttl('mks:rate:one')) > 0);

  await server.kill();
  const began = performance.now();
  const response = await edges[0]?.get('/service-hours', keyOf('one'));
  assert.equal(response?.status, 200);
  assert.ok(performance.now() - began < 1_500);
  await server.restart();
});

test('of a crowd that comes at once exactly as many pass, each with a number of its own', async (t) => {
  const { url } = await startRedis(t);
  const redis = createRedis(url, 'counting');
  t.after(() => redis.disconnect());
  const countRequest = createRequestCounts(redis, 'mks:rate:');
  const { get } = await startEdge(t, { clients, rateLimitPerMinute: 20, countRequest });
  const answers = await Promise.all(
    Array.from({ length: 60 }, async (_, n) => {
      const { status, headers } = await get('/service-hours', keyOf(n % 2 === 0 ? 'one' : 'two'));
      return { status, left: Number(headers.get('ratelimit-remaining')) };
    }),
  );
  for (const half of [0, 1]) {
    const own = answers.filter((_, n) => n % 2 === half);
    const passed = own.filter(({ status }) => status === 200).map(({ left }) => left);
    assert.deepEqual(
      passed.toSorted((one, other) => one - other),
      Array.from({ length: 20 }, (_, left) => left),
    );
    assert.equal(own.filter(({ status }) => status === 429).length, 10);
  }
});

test('refuses the guesses of an address that failed too often, and never a good key', async (t) => {
  const { url } = await startEdge(t, { clients });
  const ask = (localAddress: string, key: string) =>
    new Promise<{ status: number; retryAfter: string | undefined }>((resolve, reject) => {
      const headers = { authorization: `Bearer ${key}` };
      httpRequest(`${url}/service-hours`, { headers, localAddress }, (answer) => {
        answer.resume();
        const retryAfter = answer.headers['retry-after'];
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, retryAfter }));
      })
        .on('error', reject)
        .end();
    });
  // Good keys in between do not count.
  for (let i = 0; i < 100; i += 1) {
    assert.equal((await ask('127.0.0.9', `guess-${i}`)).status, 401, String(i));
    if (i % 10 === 0) assert.equal((await ask('127.0.0.9', 'one-key')).status, 200);
  }
  const refused = await ask('127.0.0.9', 'guess');
  assert.equal(refused.status, 429);
  assert.ok(Number(refused.retryAfter) >= 1 && Number(refused.retryAfter) <= 60);
  assert.equal((await ask('127.0.0.9', 'one-key')).status, 200);
  assert.equal((await ask('127.0.0.9', 'guess')).status, 429);
  assert.equal((await ask('127.0.0.8', 'one-key')).status, 200);
  assert.equal((await ask('127.0.0.8', 'guess')).status, 401);
});

test('knows two keys of one client while they are being exchanged', async (t) => {
  const [old, fresh] = [client('old', ['TIB']), client('fresh', ['TIB'])];
  let keyDigests = [...old.keyDigests, ...fresh.keyDigests];
  const both = () => [{ ...old, name: 'job', keyDigests }];
  const { get, logLines } = await startEdge(t, { clients: both });
  assert.equal((await get('/service-hours', keyOf('old'))).status, 200);
  assert.equal((await get('/service-hours', keyOf('fresh'))).status, 200);
  keyDigests = [...fresh.keyDigests];
  assert.equal((await get('/service-hours', keyOf('old'))).status, 401);
  assert.equal((await get('/service-hours', keyOf('fresh'))).status, 200);
  assert.equal(logLines.filter((line) => line.includes('"client":"job"')).length, 3);
});

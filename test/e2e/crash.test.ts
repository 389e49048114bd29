/** Replicas and Redis die at random moments; every accepted report ends, once, with its rows. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { patiently, surviveCrashes } from '../support/crashes.ts';
import { spawnGateway, type Environment } from '../support/gateway.ts';
import { client, environmentOf, reportOf, rowsOf, startTestSandbox } from '../support/pair.ts';
import { startTcpRedis } from '../support/tcp-redis.ts';

const MEMBERS = [
  { memberCode: 'TIB', userCode: 'TIB991' },
  { memberCode: 'AKY', userCode: 'AKY991' },
];
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000);

async function start(t: TestContext, extra: Environment = {}) {
  const sandbox = await startTestSandbox(t, { members: MEMBERS, prepareSeconds: 0.4 });
  const redis = await startTcpRedis(t);
  const environment = { ...environmentOf(sandbox), REDIS_URL: redis.url, ...extra };
  return { sandbox, redis, environment };
}

test(`accepted reports survive their replicas and Redis (seed ${SEED})`, async (t) => {
  const size = { replicas: 2, members: 2, reports: 10, kills: 5, redisRestarts: 2 };
  const { ready, repeats, ...faults } = await surviveCrashes(t, { ...size, seed: SEED });
  assert.deepEqual(faults, { lost: [], wrong: [], changed: [], overlaps: 0 });
  assert.equal(ready, size.reports);
  // Who dies between MKS's word and its record has to ask again under the same reference (rule 1), and is told so by
  // RP045. Nothing else may bear a reference twice: each death is good for one message of each member.
  assert.ok(repeats <= size.kills * size.members, `${repeats} in ${size.kills} kills`);
});

test('a replica told to stop answers who waits and is out in time', async (t) => {
  const { sandbox, environment } = await start(t);
  sandbox.faults.arm({ name: 'code', code: 'RP022', service: 'async-report-status', times: -1 });
  const replica = await spawnGateway(t, environment);
  const { ask } = client(replica.url);
  const waiting = ask({ member: 'TIB', processDate: '20260302' });
  await sleep(700);
  const began = performance.now();
  replica.kill('SIGTERM');
  const answer = await waiting;
  assert.match(answer.headers.get('location') ?? '', /^\/balances\//);
  const report = await reportOf(answer);
  assert.equal(await replica.ended, 0, replica.output.join('\n'));
  assert.ok(performance.now() - began < 10_000);
  sandbox.faults.clear();
  const next = await spawnGateway(t, environment);
  const ended = await client(next.url).get(`/balances/${report.id}`, { prefer: 'wait=60' });
  assert.equal((await reportOf(ended, 200)).state, 'ready');
});

test('without Redis nothing is sent, callers are told, and it heals by itself', async (t) => {
  const { sandbox, redis, environment } = await start(t);
  const replica = await spawnGateway(t, environment);
  const { ask, get } = client(replica.url);
  await rowsOf(await ask({ member: 'TIB', processDate: '20260302' }));
  const before = sandbox.log.length;
  await redis.kill();
  const began = performance.now();
  const refused = await ask({ member: 'TIB', processDate: '20260303' });
  assert.equal(refused.status, 503);
  assert.ok(performance.now() - began < 5_000);
  const { type } = (await refused.json()) as { type: string };
  assert.equal(type, '/problems/state-unavailable');
  assert.equal((await get('/health/ready')).status, 503);
  assert.equal((await get('/health/live')).status, 200);
  assert.equal(sandbox.log.length, before);
  await redis.restart();
  const { rows } = await patiently(async () =>
    rowsOf(await ask({ member: 'TIB', processDate: '20260303' })),
  );
  assert.equal(rows.length, 50);
  await redis.kill();
  const stopping = performance.now();
  replica.kill('SIGTERM');
  assert.equal(await replica.ended, 0);
  assert.ok(performance.now() - stopping < 25_000, 'out in time though Redis does not answer');
});

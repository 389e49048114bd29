/** Replicas and Redis die at random moments; every accepted report ends, once, with its rows. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFolder } from '../support/folder.ts';
import { spawnGateway, type Environment, type GatewayProcess } from '../support/gateway.ts';
import { client, environmentOf, reportOf, rowsOf, startTestSandbox } from '../support/pair.ts';
import { createRandom } from '../support/random.ts';
import { startTcpRedis } from '../support/tcp-redis.ts';

const MEMBERS = [
  { memberCode: 'TIB', userCode: 'TIB991' },
  { memberCode: 'AKY', userCode: 'AKY991' },
];
/** More of everything by hand: CRASH_ROUNDS=20. */
const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 5);
const REPORTS = 2 * ROUNDS;
const SEED = Number(process.env['CRASH_SEED'] ?? Date.now() % 1_000_000);

async function start(t: TestContext, extra: Environment = {}) {
  const sandbox = await startTestSandbox(t, { members: MEMBERS, prepareSeconds: 0.4 });
  const redis = await startTcpRedis(t);
  const environment = { ...environmentOf(sandbox), REDIS_URL: redis.url, ...extra };
  return { sandbox, redis, environment };
}

/** GETs until it answers; a replica or Redis may be away just now. */
async function writePatiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tries > 100) throw error;
      await sleep(200);
    }
  }
}

test(`accepted reports survive their replicas and Redis (seed ${SEED})`, async (t) => {
  const random = createRandom(SEED).next;
  const { sandbox, redis, environment } = await start(t, { MKS_REQUEST_TIMEOUT_SECONDS: '2' });
  const folders = [await temporaryFolder(), await temporaryFolder()];
  const spawn = (n: number): Promise<GatewayProcess> =>
    spawnGateway(t, { ...environment, DATA_DIR: folders[n] ?? '' });
  const replicas = await Promise.all([spawn(0), spawn(1)]);
  const ids: { id: string; member: string; processDate: string }[] = [];
  for (let n = 0; n < REPORTS; n += 1) {
    const day = String(Date.UTC(2026, 1, 23) - n * 7 * 86_400_000);
    const processDate = new Date(Number(day)).toISOString().slice(0, 10).replaceAll('-', '');
    const member = MEMBERS[n % 2]?.memberCode ?? '';
    const { ask } = client(replicas[n % 2]?.url ?? '');
    const answer = await ask({ member, processDate }, { prefer: 'respond-async' });
    ids.push({ id: (await reportOf(answer)).id, member, processDate });
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    await sleep(random() * 600);
    const victim = random() < 0.5 ? 0 : 1;
    replicas[victim]?.kill('SIGKILL');
    if (round % 4 === 1) {
      await redis.kill();
      await sleep(random() * 400);
      await redis.restart();
    }
    replicas[victim] = await spawn(victim);
  }
  const { get } = client(replicas[0]?.url ?? '');
  for (const { id, member, processDate } of ids) {
    const report = await writePatiently(async () => {
      const found = await reportOf(await get(`/balances/${id}`, { prefer: 'wait=60' }), 200);
      assert.ok(!['queued', 'preparing'].includes(found.state), found.state);
      return found;
    });
    assert.equal(report.state, 'ready', JSON.stringify(report));
    const { rows } = await writePatiently(async () => rowsOf(await get(`/balances/${id}/rows`)));
    assert.deepEqual(rows, [...sandbox.expectedRows({ member, processDate })]);
  }
  for (const { memberCode } of MEMBERS) {
    assert.equal(sandbox.stats.members[memberCode]?.overlapsAccepted, 0);
  }
  // Who dies between MKS's word and its record has to ask again under the same reference (rule 1), and is told so by
  // RP045. Nothing else may bear a reference twice: each death is good for one message of each member.
  for (const { memberCode } of MEMBERS) {
    const { duplicateReferences = 0 } = sandbox.stats.members[memberCode] ?? {};
    assert.ok(duplicateReferences <= ROUNDS, `${duplicateReferences} in ${ROUNDS} rounds`);
  }
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
  const { rows } = await writePatiently(async () =>
    rowsOf(await ask({ member: 'TIB', processDate: '20260303' })),
  );
  assert.equal(rows.length, 50);
  await redis.kill();
  const stopping = performance.now();
  replica.kill('SIGTERM');
  assert.equal(await replica.ended, 0);
  assert.ok(performance.now() - stopping < 25_000, 'out in time though Redis does not answer');
});

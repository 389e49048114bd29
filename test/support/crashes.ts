/** Replicas and Redis die at random moments while reports are asked for; every accepted one has to end, once, with its rows. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cleanup } from './cleanup.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import { temporaryFolder } from './folder.ts';
import { spawnGateway, type GatewayProcess } from './gateway.ts';
import { client, environmentOf, reportOf, rowsOf, startTestSandbox } from './pair.ts';
import { createRandom, type Random } from './random.ts';
import type { TestRedis } from './redis.ts';
import { startTcpRedis } from './tcp-redis.ts';

export interface Crashes {
  seed: number;
  replicas: number;
  members: number;
  /** Reports asked for, of each member the same number. */
  reports: number;
  /** SIGKILLs of replicas. */
  kills: number;
  /** SIGKILLs of Redis, each with a start over the same data; at most one a kill. */
  redisRestarts: number;
}

export interface Survived {
  ready: number;
  /** Accepted, and then not to be found, or ended otherwise. */
  lost: string[];
  /** Whose rows are not exactly MKS's: one missing, one twice, one changed. */
  wrong: string[];
  /** Whose end was another one when it was looked at again. */
  changed: string[];
  /** Reports of a member that MKS took while another was being made. */
  overlaps: number;
  /** Messages under a reference that MKS had used up. */
  repeats: number;
}

interface Accepted {
  id: string;
  member: string;
  processDate: string;
}

interface Ended {
  state: string;
  readyAt?: string;
  updatedAt: string;
}

const WEEK_MS = 7 * 86_400_000;
const BETWEEN_KILLS_MS = 600;

/** Does it again until it succeeds: a replica or Redis may be away just now. */
export async function patiently<T>(attempt: () => Promise<T>, triesMax = 100): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (tries > triesMax) throw error;
      await sleep(200);
    }
  }
}

/** @throws Error that names no seed: the caller knows it. */
export async function surviveCrashes(t: Cleanup, size: Crashes): Promise<Survived> {
  const random = createRandom(size.seed);
  const codes = Array.from({ length: size.members }, (_, n) => `M${String(n).padStart(2, '0')}`);
  const members = codes.map((memberCode) => ({ memberCode, userCode: `${memberCode}991` }));
  const sandbox = await startTestSandbox(t, { members, prepareSeconds: 0.4 });
  const redis = await startTcpRedis(t);
  const shared = {
    ...environmentOf(sandbox),
    REDIS_URL: redis.url,
    MKS_REQUEST_TIMEOUT_SECONDS: '2',
  };
  const folders = await Promise.all(Array.from({ length: size.replicas }, () => temporaryFolder()));
  const spawn = (n: number): Promise<GatewayProcess> =>
    spawnGateway(t, { ...shared, DATA_DIR: folders[n] ?? '' });
  const replicas = await Promise.all(folders.map((_, n) => spawn(n)));
  const asking = askForAll(replicas, codes, size.reports, createRandom(size.seed + 1));
  await crash(size, random, redis, replicas, spawn);
  return judge(sandbox, replicas, await asking);
}

/** One by one, at whichever replica; a caller who got no answer asks again, and joins. */
async function askForAll(
  replicas: readonly GatewayProcess[],
  members: readonly string[],
  reports: number,
  random: Random,
): Promise<Accepted[]> {
  const accepted: Accepted[] = [];
  for (let n = 0; n < reports; n += 1) {
    const member = members[n % members.length] ?? '';
    const monday = Date.UTC(2026, 1, 23) - Math.floor(n / members.length) * WEEK_MS;
    const processDate = new Date(monday).toISOString().slice(0, 10).replaceAll('-', '');
    const { id } = await patiently(async () => {
      const { ask } = client(random.pick(replicas).url);
      const answer = await ask({ member, processDate }, { prefer: 'respond-async' });
      // Whose answer was lost asks again, and may find the report ready.
      return reportOf(answer, answer.status === 200 ? 200 : 202);
    });
    accepted.push({ id, member, processDate });
  }
  return accepted;
}

async function crash(
  { kills, redisRestarts }: Crashes,
  random: Random,
  redis: TestRedis,
  replicas: GatewayProcess[],
  spawn: (n: number) => Promise<GatewayProcess>,
): Promise<void> {
  for (let kill = 0; kill < kills; kill += 1) {
    await sleep(random.below(BETWEEN_KILLS_MS));
    const victim = random.below(replicas.length);
    replicas[victim]?.kill('SIGKILL');
    // As evenly among the kills as their numbers allow.
    const restarts = (kill * redisRestarts) / kills;
    if (Math.floor(restarts + redisRestarts / kills) > Math.floor(restarts)) {
      await redis.kill();
      await sleep(random.below(400));
      await redis.restart();
    }
    replicas[victim] = await spawn(victim);
  }
}

async function judge(
  sandbox: Sandbox,
  replicas: readonly GatewayProcess[],
  accepted: readonly Accepted[],
): Promise<Survived> {
  const { get } = client(replicas[0]?.url ?? '');
  const survived = {
    ready: 0,
    lost: [] as string[],
    wrong: [] as string[],
    changed: [] as string[],
  };
  const look = async (id: string): Promise<Ended> => {
    const response = await get(`/balances/${id}`, { prefer: 'wait=60' });
    const report = (await response.json()) as Ended;
    assert.ok(response.status !== 503 && !['queued', 'preparing'].includes(report.state), id);
    return report;
  };
  const ends = new Map<string, string>();
  for (const { id, member, processDate } of accepted) {
    const end = await patiently(() => look(id));
    ends.set(id, JSON.stringify(end));
    if (end.state !== 'ready') {
      survived.lost.push(`${member} ${processDate}: ${JSON.stringify(end)}`);
      continue;
    }
    survived.ready += 1;
    const { rows } = await patiently(async () => rowsOf(await get(`/balances/${id}/rows`)));
    const expected = [...sandbox.expectedRows({ member, processDate })];
    if (JSON.stringify(rows) !== JSON.stringify(expected)) survived.wrong.push(id);
  }
  for (const { id } of accepted)
    if (JSON.stringify(await look(id)) !== ends.get(id)) survived.changed.push(id);
  const counts = Object.values(sandbox.stats.members);
  return {
    ...survived,
    overlaps: counts.reduce((sum, { overlapsAccepted }) => sum + overlapsAccepted, 0),
    repeats: counts.reduce((sum, { duplicateReferences }) => sum + duplicateReferences, 0),
  };
}

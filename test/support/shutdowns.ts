/** Replicas are told to end while callers wait on them, with Redis there and without: out in time, and nothing is lost. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cleanup } from './cleanup.ts';
import type { Sandbox } from '../../sandbox/index.ts';
import { patiently } from './crashes.ts';
import { temporaryFolder } from './folder.ts';
import { spawnGateway, type GatewayProcess } from './gateway.ts';
import { client, environmentOf, reportOf, rowsOf, startTestSandbox } from './pair.ts';
import { createRandom, type Random } from './random.ts';
import { startTcpRedis } from './tcp-redis.ts';

export interface Shutdowns {
  seed: number;
  /** In each round all but one of them are told to end at the same moment. */
  replicas: number;
  rounds: number;
  /** Of each replica, at the same time. */
  callers: number;
}

export interface Closed {
  /** How long each took from SIGTERM to its end, in ms: with Redis, and without. */
  tookMs: { up: number[]; down: number[] };
  /** Ends that were not exit code 0. */
  badEnds: string[];
  /** Callers who waited when the signal came and got no answer. */
  unanswered: string[];
  accepted: number;
  /** Accepted reports that did not end as ready with their rows. */
  lost: string[];
}

interface Accepted {
  member: string;
  processDate: string;
}

interface Stage {
  sandbox: Sandbox;
  random: Random;
  /** By their ids: several may have asked for the same. */
  accepted: Map<string, Accepted>;
  unanswered: string[];
}

/** By then each is out: an orchestrator kills after 30 s. */
export const END_BY_MS = 25_000;
const MEMBERS = ['M00', 'M01', 'M02', 'M03'];
const PAUSE_MS = 400;
const BEFORE_SIGNAL_MS = 600;
/** Who has called for less may not have been heard before the signal. */
const HEARD_AFTER_MS = 300;
const NO_REDIS_MS = 500;

/** Every second round is without Redis. */
export async function shutDownUnderLoad(t: Cleanup, size: Shutdowns): Promise<Closed> {
  const random = createRandom(size.seed);
  const members = MEMBERS.map((memberCode) => ({ memberCode, userCode: `${memberCode}991` }));
  const sandbox = await startTestSandbox(t, { members, prepareSeconds: 0.3, shape: { rows: 20 } });
  const redis = await startTcpRedis(t);
  const shared = { ...environmentOf(sandbox), REDIS_URL: redis.url };
  const folders = await Promise.all(Array.from({ length: size.replicas }, () => temporaryFolder()));
  const stage: Stage = { sandbox, random, accepted: new Map(), unanswered: [] };
  const spawn = async (n: number) => {
    const replica = await spawnGateway(t, { ...shared, DATA_DIR: folders[n] ?? '' });
    return { replica, load: startCallers(stage, replica, size.callers) };
  };
  const running = await Promise.all(folders.map((_, n) => spawn(n)));
  const tookMs = { up: [] as number[], down: [] as number[] };
  const badEnds: string[] = [];
  for (let round = 0; round < size.rounds; round += 1) {
    const isUp = round % 2 === 0;
    await sleep(BEFORE_SIGNAL_MS + random.below(BEFORE_SIGNAL_MS));
    if (!isUp) {
      for (const { load } of running) load.redis(false);
      await redis.kill();
      await sleep(random.below(NO_REDIS_MS));
    }
    const victims = random.shuffled([...folders.keys()]).slice(0, -1);
    await Promise.all(
      victims.map(async (n) => {
        const { end, ms } = await terminate(running[n]);
        tookMs[isUp ? 'up' : 'down'].push(Math.round(ms));
        if (end !== 0) badEnds.push(String(end));
      }),
    );
    if (!isUp) {
      await redis.restart();
      for (const { load } of running) load.redis(true);
    }
    for (const n of victims) running[n] = await spawn(n);
  }
  for (const { load } of running) await load.stop();
  const { url } = running[0]?.replica ?? { url: '' };
  const lost = await judge(sandbox, url, stage.accepted);
  return { tookMs, badEnds, unanswered: stage.unanswered, accepted: stage.accepted.size, lost };
}

type Running = { replica: GatewayProcess; load: ReturnType<typeof startCallers> };

async function terminate(running: Running | undefined) {
  if (running === undefined) throw new RangeError('no such replica');
  const { replica, load } = running;
  const began = performance.now();
  load.signalled();
  replica.kill('SIGTERM');
  const end = await replica.ended;
  const ms = performance.now() - began;
  await load.stop();
  return { end, ms };
}

/** Callers of one replica, until it is told to end. */
function startCallers(
  { random, accepted, unanswered }: Stage,
  { url }: GatewayProcess,
  count: number,
) {
  const state = { signalledAt: Infinity, isStopping: false, isRedisUp: true };
  const { ask, get } = client(url);
  const monday = (): string =>
    new Date(Date.UTC(2026, 1, 23) - random.below(400) * 7 * 86_400_000)
      .toISOString()
      .slice(0, 10)
      .replaceAll('-', '');

  /** Whoever was heard before the signal has to be answered, to the last byte. */
  async function heard(
    request: () => Promise<Response>,
    isStream = false,
  ): Promise<Response | undefined> {
    const began = performance.now();
    try {
      const response = await request();
      await response.text();
      return response;
    } catch (error) {
      // Streams break with Redis, and are followed anew when it is there again.
      if (isStream && !state.isRedisUp) return undefined;
      const waitedMs = Math.round(state.signalledAt - began);
      const isOurs = Number.isFinite(waitedMs) && waitedMs > HEARD_AFTER_MS;
      const { cause = error } = error as Error;
      if (isOurs) unanswered.push(`${String(cause)}, asked ${waitedMs} ms before the signal`);
      return undefined;
    }
  }

  async function caller(): Promise<void> {
    while (!state.isStopping && state.signalledAt === Infinity) {
      const wanted = { member: random.pick(MEMBERS), processDate: monday() };
      const prefer = random.pick(['wait=30', 'wait=1', 'respond-async']);
      const response = await heard(() => ask(wanted, { prefer }));
      const id = /^\/balances\/(\S+)$/.exec(response?.headers.get('location') ?? '')?.[1];
      if (response?.ok === true && id !== undefined) {
        accepted.set(id, wanted);
        if (random.chance(0.3))
          await heard(() => get(`/balances/${id}/${random.pick(['events', 'rows'])}`), true);
      }
      await sleep(random.below(PAUSE_MS));
    }
  }

  const all = Promise.all(Array.from({ length: count }, caller));
  return {
    redis: (isUp: boolean) => void (state.isRedisUp = isUp),
    signalled: () => void (state.signalledAt = performance.now()),
    async stop(): Promise<void> {
      state.isStopping = true;
      await all;
    },
  };
}

async function judge(
  sandbox: Sandbox,
  url: string,
  accepted: ReadonlyMap<string, Accepted>,
): Promise<string[]> {
  const { get } = client(url);
  const lost: string[] = [];
  for (const [id, { member, processDate }] of accepted) {
    const { state } = await patiently(async () => {
      const found = await reportOf(await get(`/balances/${id}`, { prefer: 'wait=60' }), 200);
      if (['queued', 'preparing'].includes(found.state)) throw new Error(`${id} ${found.state}`);
      return found;
    });
    if (state !== 'ready') {
      lost.push(`${id} ${state}`);
      continue;
    }
    const { rows } = await patiently(async () => rowsOf(await get(`/balances/${id}/rows`)));
    const expected = [...sandbox.expectedRows({ member, processDate })];
    if (JSON.stringify(rows) !== JSON.stringify(expected)) lost.push(`${id} with other rows`);
  }
  return lost;
}

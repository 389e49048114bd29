/** What befalls a Redis besides its death, while a gateway works on it: each struck, and then mended. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cleanup } from './cleanup.ts';
import { createRedis, ready } from '../../src/state/connection.ts';
import { startTestGateway } from './gateway.ts';
import { client, environmentOf, reportOf, rowsOf, startTestSandbox } from './pair.ts';
import { startRedis, type TestRedis } from './redis.ts';
import { until } from './until.ts';

interface Struck {
  redis: TestRedis;
  /** Lets each piece between gateway and Redis wait so long, both ways. */
  slowDown(ms: number): void;
  frozenMs: number;
}

interface RedisFault {
  strike(struck: Struck): Promise<void>;
  mend(struck: Struck): Promise<void>;
  /** Whether callers can be served meanwhile. */
  serves?: true;
  /** Whether reports may be gone afterwards. */
  forgets?: true;
}

const CUT_BYTES = 3_000;
const SLOW_MS = 150;

async function tell({ redis }: Struck, ...command: string[]): Promise<void> {
  const connection = createRedis(redis.url, 'commands');
  try {
    await ready(connection);
    await connection.call(...(command as [string, ...string[]]));
  } finally {
    connection.disconnect();
  }
}

/** The part of the AOF that is written to. */
function appendOnlyFile({ socket }: TestRedis): string {
  const folder = join(dirname(socket), 'appendonlydir');
  const name = readdirSync(folder).find((each) => each.endsWith('.incr.aof'));
  assert.ok(name !== undefined);
  return join(folder, name);
}

const restart = ({ redis }: Struck): Promise<void> => redis.restart();

export const REDIS_FAULTS: Readonly<Record<string, RedisFault>> = {
  'its last writes lost by a power cut': {
    async strike({ redis }) {
      await redis.kill();
      const file = appendOnlyFile(redis);
      // In the middle of a command: what was not yet whole on the disk.
      truncateSync(file, Math.max(0, statSync(file).size - CUT_BYTES));
    },
    mend: restart,
    forgets: true,
  },
  emptied: {
    async strike({ redis }) {
      await redis.kill();
      rmSync(join(dirname(redis.socket), 'appendonlydir'), { recursive: true });
    },
    mend: restart,
    forgets: true,
  },
  'read-only, a replica of another': {
    strike: (struck) => tell(struck, 'REPLICAOF', '127.0.0.1', '1'),
    mend: (struck) => tell(struck, 'REPLICAOF', 'NO', 'ONE'),
  },
  'out of memory': {
    strike: (struck) => tell(struck, 'CONFIG', 'SET', 'maxmemory', '1'),
    mend: (struck) => tell(struck, 'CONFIG', 'SET', 'maxmemory', '0'),
  },
  frozen: {
    async strike({ redis, frozenMs }) {
      process.kill(redis.pid, 'SIGSTOP');
      await sleep(frozenMs);
    },
    mend: async ({ redis }) => void process.kill(redis.pid, 'SIGCONT'),
  },
  'slow behind its network': {
    strike: async ({ slowDown }) => slowDown(SLOW_MS),
    mend: async ({ slowDown }) => slowDown(0),
    serves: true,
  },
};

/** Passes bytes on between loopback and the socket, as late as is told. */
async function startSlowWay(t: Cleanup, socket: string) {
  let lateMs = 0;
  const sockets = new Set<Socket>();
  const pass = (from: Socket, to: Socket): void => {
    let before = Promise.resolve();
    from.on('data', (piece) => {
      const isDue = lateMs === 0 ? undefined : sleep(lateMs);
      // In their order, however the lateness changes.
      before = before.then(async () => {
        await isDue;
        to.write(piece);
      });
    });
    from.on('close', () => to.destroy()).on('error', () => to.destroy());
  };
  const server = createServer((near) => {
    const far = connect(socket);
    for (const each of [near, far]) sockets.add(each);
    pass(near, far);
    pass(far, near);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const each of sockets) each.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `redis://127.0.0.1:${port}`, slowDown: (ms: number) => void (lateMs = ms) };
}

export interface Outlived {
  /** How the callers' asks were answered meanwhile: statuses and problems. */
  meanwhile: string[];
  /** Of the report that was under way: `ready`, or `gone` where Redis lost it. */
  underWay: string;
}

/**
 * A report is ready, another under way when it strikes; asks meanwhile send nothing to MKS unless they can be recorded.
 * @throws AssertionError where something is not as it has to be.
 */
export async function outlive(t: Cleanup, name: string, frozenMs: number): Promise<Outlived> {
  const fault = REDIS_FAULTS[name];
  assert.ok(fault !== undefined, name);
  const sandbox = await startTestSandbox(t, { prepareSeconds: 1 });
  const redis = await startRedis(t);
  const { url: redisUrl, slowDown } = await startSlowWay(t, redis.socket);
  const { url, close } = await startTestGateway(t, {
    ...environmentOf(sandbox),
    REDIS_URL: redisUrl,
  });
  const { ask, get } = client(url);
  const expected = (processDate: string) => [
    ...sandbox.expectedRows({ member: 'TIB', processDate }),
  ];
  const first = await rowsOf(await ask({ processDate: '20260302' }));
  const isAsked = { prefer: 'respond-async' };
  const second = await reportOf(await ask({ processDate: '20260303' }, isAsked));
  await until(() => sandbox.stats.members['TIB']?.reportsAccepted === 2);
  const struck = { redis, slowDown, frozenMs };
  await fault.strike(struck);
  const before = sandbox.stats.members['TIB']?.reportsAccepted ?? 0;
  const meanwhile: string[] = [];
  for (const processDate of ['20260304', '20260305']) {
    const began = performance.now();
    const answer = await ask({ processDate }, isAsked);
    const { type = '' } = (await answer.json()) as { type?: string };
    meanwhile.push(`${answer.status} ${type.replace('/problems/', '')}`.trim());
    assert.ok(performance.now() - began < 10_000, 'callers are told soon');
  }
  const isServed = fault.serves === true;
  const wanted = isServed ? '202' : '503 state-unavailable';
  assert.deepEqual(meanwhile, [wanted, wanted]);
  if (!isServed) assert.equal(sandbox.stats.members['TIB']?.reportsAccepted, before);
  await fault.mend(struck);
  await until(async () => (await get('/health/ready')).status === 200, 30_000);

  const found = await get(`/balances/${second.id}`, { prefer: 'wait=60' });
  const underWay = found.status === 404 ? 'gone' : (await reportOf(found, 200)).state;
  assert.ok(underWay === 'ready' || (fault.forgets === true && underWay === 'gone'), underWay);
  const kept = await get(`/balances/${first.id}/rows`);
  if (kept.status !== 404 || fault.forgets !== true)
    assert.deepEqual((await rowsOf(kept)).rows, first.rows);
  for (const processDate of ['20260303', '20260304', '20260306']) {
    const { rows } = await rowsOf(await ask({ processDate }));
    assert.deepEqual(rows, expected(processDate));
  }
  assertReferences(sandbox.log);
  // Before what it speaks to.
  await close();
  return { meanwhile, underWay };
}

/** A reference stands for one message, whatever Redis lost. */
function assertReferences(log: readonly { reference?: string; bodySha256: string }[]): void {
  const bodies = new Map<string, string>();
  for (const { reference = '', bodySha256 } of log) {
    assert.equal(bodies.get(reference) ?? bodySha256, bodySha256, reference);
    bodies.set(reference, bodySha256);
  }
}

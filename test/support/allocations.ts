/** References issued by several processes at once, while these and Redis are killed and Redis is emptied. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cleanup } from './cleanup.ts';
import { createRedis, ready } from '../../src/state/connection.ts';
import { createRandom } from './random.ts';
import { startRedis, type TestRedis } from './redis.ts';

export interface AllocationPlan {
  allocations: number;
  processes: number;
  members: number;
  redisKills: number;
  allocatorKills: number;
  emptied: number;
}

export interface Allocated {
  references: number;
  duplicates: string[];
  /** Those that bear a counter which their member's references had before: what the random part is for. */
  repeatedCounters: number;
}

type Blow = 'redis' | 'allocator' | 'emptied';

const ISSUER = join(import.meta.dirname, '../mks/issuer.ts');
const AWAY_MAX_MS = 200;
const LOOK_MS = 20;
const PATIENCE_MS = 60_000;

/**
 * Every reference that an allocator has told in whole counts, of a killed one too.
 * @throws Error when an allocator ends by itself.
 */
export async function allocate(t: Cleanup, plan: AllocationPlan, seed: number): Promise<Allocated> {
  const random = createRandom(seed);
  const server = await startRedis(t, ['--appendfsync', 'no']);
  const seen = new Set<string>();
  const told: Allocated = { references: 0, duplicates: [], repeatedCounters: 0 };
  const counters = new Set<string>();
  const take = (line: string): void => {
    const [, reference = ''] = line.split(' ');
    const [counter = ''] = line.split('-');
    told.references += 1;
    if (counters.has(counter)) told.repeatedCounters += 1;
    counters.add(counter);
    if (seen.has(reference)) told.duplicates.push(reference);
    seen.add(reference);
  };
  const slots = Array.from({ length: plan.processes }, () => startAllocator(server, plan, take));
  t.after(() => {
    for (const { child } of slots) child.kill('SIGKILL');
  });
  const blows = random.shuffled<Blow>([
    ...Array.from({ length: plan.redisKills }, () => 'redis' as const),
    ...Array.from({ length: plan.allocatorKills }, () => 'allocator' as const),
    ...Array.from({ length: plan.emptied }, () => 'emptied' as const),
  ]);
  const hit = async (blow: Blow): Promise<void> => {
    if (blow === 'emptied') return empty(server);
    if (blow === 'redis') {
      await server.kill();
      await sleep(random.below(AWAY_MAX_MS));
      return server.restart();
    }
    const at = random.below(slots.length);
    await endAllocator(slots[at]);
    slots[at] = startAllocator(server, plan, take);
  };
  const share = plan.allocations / (blows.length + 1);
  for (const blow of blows) {
    // Each after a share of the work: a busy machine, which looks late, must not leave the next one too little.
    await reached(told.references + share, slots, told);
    await hit(blow);
  }
  await reached(told.references + share, slots, told);
  for (const slot of slots) await endAllocator(slot);
  return told;
}

interface Allocator {
  child: ChildProcess;
  /** Once it has ended and all that it told was taken. */
  ended: Promise<unknown>;
  failure?: string;
}

function startAllocator(
  { url }: TestRedis,
  { members }: AllocationPlan,
  take: (line: string) => void,
): Allocator {
  const args = [ISSUER, url, 'unique:', String(members)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (piece: Buffer) => (errors += piece.toString()));
  let rest = '';
  child.stdout.setEncoding('latin1').on('data', (piece: string) => {
    const lines = (rest + piece).split('\n');
    // A line that a kill has torn is no reference.
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
  const allocator: Allocator = { child, ended: once(child, 'close') };
  child.once('exit', (code) => {
    if (code !== null) allocator.failure = `ended with ${code}: ${errors.slice(0, 500)}`;
  });
  return allocator;
}

async function endAllocator(slot: Allocator | undefined): Promise<void> {
  slot?.child.kill('SIGKILL');
  await slot?.ended;
}

async function reached(count: number, slots: Allocator[], told: Allocated): Promise<void> {
  while (told.references < count) {
    const failure = slots.find((slot) => slot.failure !== undefined)?.failure;
    if (failure !== undefined) throw new Error(`an allocator ${failure}`);
    await sleep(LOOK_MS);
  }
}

async function empty({ url }: TestRedis): Promise<void> {
  const redis = createRedis(url, 'blocking');
  try {
    await ready(redis, PATIENCE_MS);
    await redis.flushall();
  } finally {
    redis.disconnect();
  }
}

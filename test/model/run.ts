/**
 * Plays schedules: `node test/model/run.ts FIRST [COUNT [TIMES]]`, each so many times; under MODEL_MUTANT=name, up to the first
 * that does not hold with STOP=1, and with all that happens with TRACE=1. A process of its own, since it takes Node's
 * timers. Writes a line of JSON for each that does not hold, and one at the end.
 */
import './edges.ts';
import './here.ts';
import { hash } from 'node:crypto';
import { createRedis, ready } from '../../src/state/connection.ts';
import { cleanup } from '../proofs/proof.ts';
import { startRedis } from '../support/redis.ts';
import { checkLoaded } from './edges.ts';
import { findMutant } from './mutants.ts';
import type { End, Failing } from './runs.ts';

const [first = 1, count = 1, times = 1] = process.argv.slice(2).map(Number);
const { MODEL_MUTANT, STOP, TRACE } = process.env;
const ends = cleanup();
try {
  // After the edges are in their places.
  const { openServer } = await import('./redis.ts');
  const { drawSchedule } = await import('./schedule.ts');
  const { play } = await import('./world.ts');
  const { judge } = await import('./checks.ts');
  checkLoaded();
  const { url } = await startRedis(ends, ['--appendonly', 'no', '--appendfsync', 'no']);
  const redis = createRedis(url, 'blocking');
  ends.after(() => redis.disconnect());
  await ready(redis);
  const server = await openServer(redis, findMutant(MODEL_MUTANT));
  const digests: string[] = [];
  const counts: Record<string, number> = {};
  let failed = 0;
  for (let n = 0; n < count * times; n += 1) {
    const seed = first + Math.floor(n / times);
    const schedule = drawSchedule(seed);
    const world = await play(schedule, server);
    const { history } = world;
    if (TRACE) console.log([JSON.stringify(schedule), ...history.lines].join('\n'));
    const digest = history.digest();
    digests.push(digest);
    for (const [kind, often] of history.counts()) counts[kind] = (counts[kind] ?? 0) + often;
    const wrong = judge(world);
    if (wrong.length === 0) continue;
    failed += 1;
    console.log(JSON.stringify({ seed, digest, wrong } satisfies Failing));
    if (STOP) break;
  }
  const digest = hash('sha256', digests.join());
  const end: End = { played: digests.length, failed, digest, counts };
  console.log(JSON.stringify(end));
} finally {
  await ends.end();
}

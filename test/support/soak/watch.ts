/**
 * Loaded into a gateway before its own first file (`NODE_OPTIONS=--import=…`): writes every few seconds to SOAK_FILE how
 * the process does, a JSON line each time. The gateway itself knows nothing of it.
 */
import { appendFileSync, readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { getHeapSpaceStatistics } from 'node:v8';
import { isMainThread } from 'node:worker_threads';
import { collectGarbage } from '../garbage.ts';

export interface Health {
  /** Wall ms. */
  at: number;
  rssMb: number;
  /** What is alive, of the heap and outside of it; three times a minute, after a collection: else garbage is told with it. */
  liveMb?: number;
  /** Of that, what V8 has compiled: it grows for as long as another function is found to be worth it. */
  codeMb?: number;
  /** What keeps the event loop alive: sockets, timers, requests. */
  handles: number;
  /** Open file descriptors. */
  files: number;
  /** How late the event loop came, at 99 of 100 looks since the last line. */
  delayMs: number;
}

const RESOLUTION_MS = 10;
const MB = 2 ** 20;
const COLLECT_MS = 20_000;
/** V8's spaces for machine code, bytecode and what belongs to them. */
const CODE_SPACE = /^(?:code|trusted)_/;
const { SOAK_FILE: file, SOAK_EVERY_MS: everyMs = '5000' } = process.env;

if (file !== undefined && isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let collectedMs = 0;
  setInterval(() => {
    const isDue = Date.now() - collectedMs >= COLLECT_MS;
    if (isDue) {
      collectGarbage();
      collectedMs = Date.now();
    }
    const { rss, heapUsed, external } = process.memoryUsage();
    const health: Health = {
      at: Date.now(),
      rssMb: rss / MB,
      ...(isDue && { liveMb: (heapUsed + external) / MB, codeMb: codeBytes() / MB }),
      handles: process.getActiveResourcesInfo().length,
      files: readdirSync('/proc/self/fd').length,
      // Each look is due after the resolution, which the histogram counts too.
      delayMs: Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS),
    };
    delay.reset();
    appendFileSync(file, `${JSON.stringify(health)}\n`);
  }, Number(everyMs)).unref();
}

function codeBytes(): number {
  return getHeapSpaceStatistics()
    .filter(({ space_name: name }) => CODE_SPACE.test(name))
    .reduce((bytes, { space_used_size: used }) => bytes + used, 0);
}

/**
 * Loaded into a gateway before its own first file (`NODE_OPTIONS=--import=…`): writes every few seconds to SOAK_FILE how
 * the process does, a JSON line each time. The gateway itself knows nothing of it.
 */
import { appendFileSync, readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';
import { collectGarbage } from '../garbage.ts';

export interface Health {
  /** Wall ms. */
  at: number;
  rssMb: number;
  /** What is alive, of the heap and outside of it; once a minute, after a collection: else garbage is told with it. */
  liveMb?: number;
  /** What keeps the event loop alive: sockets, timers, requests. */
  handles: number;
  /** Open file descriptors. */
  files: number;
  /** How late the event loop came, at 99 of 100 looks since the last line. */
  delayMs: number;
}

const RESOLUTION_MS = 10;
const MB = 2 ** 20;
const MINUTE_MS = 60_000;
const { SOAK_FILE: file, SOAK_EVERY_MS: everyMs = '5000' } = process.env;

if (file !== undefined && isMainThread) {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let collectedMs = 0;
  setInterval(() => {
    const isDue = Date.now() - collectedMs >= MINUTE_MS;
    if (isDue) {
      collectGarbage();
      collectedMs = Date.now();
    }
    const { rss, heapUsed, external } = process.memoryUsage();
    const health: Health = {
      at: Date.now(),
      rssMb: rss / MB,
      ...(isDue && { liveMb: (heapUsed + external) / MB }),
      handles: process.getActiveResourcesInfo().length,
      files: readdirSync('/proc/self/fd').length,
      // Each look is due after the resolution, which the histogram counts too.
      delayMs: Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS),
    };
    delay.reset();
    appendFileSync(file, `${JSON.stringify(health)}\n`);
  }, Number(everyMs)).unref();
}

/** Turns requests away while the process cannot keep up, so that those it has are served. */
import { getHeapStatistics } from 'node:v8';
import fp from 'fastify-plugin';
import { createPace } from '../lib/pace.ts';
import { ProblemError } from '../problems.ts';

/**
 * The mean of a few seconds: everyone has waited that long for every turn of the event loop. A
 * machine that is merely busy, or a process that has just started, must not turn anybody away.
 */
const MAX_EVENT_LOOP_DELAY_MS = 1_000;
/** Each look wakes an idle process: a delay that is sampled each 10 ms takes more time than all else at rest. */
const LOOK_MS = 250;
/** Not shorter: a process that is kept from running for a whole sample counts as stuck. */
const SAMPLE_MS = 4_000;
/** One long stall (the start of the process, a machine that does other things) is none of our load. */
const LATE_SAMPLES = 2;
/** Of what V8 may take: above it, it mostly collects garbage. */
const MAX_HEAP_SHARE = 0.92;
const RETRY_AFTER_MS = 2_000;
/** Of a crowd that comes at once; the others wait a turn, and who has been let in goes on in between. */
const REQUESTS_PER_TURN = 32;

export const loadShedding = fp(
  (app, _options, done) => {
    const enter = createPace(REQUESTS_PER_TURN);
    app.addHook('onRequest', ({ routeOptions }, _reply, next) => {
      // Operators must see what there is to see.
      if (isForOperators(routeOptions.url)) next();
      else if (lateSamples >= LATE_SAMPLES || isHeapFull) {
        next(new ProblemError('overloaded', { retryAfterMs: RETRY_AFTER_MS }));
      } else enter(1, next);
    });
    let lateSamples = 0;
    let isHeapFull = false;
    const looking = everySample((meanDelayMs) => {
      lateSamples = meanDelayMs > MAX_EVENT_LOOP_DELAY_MS ? lateSamples + 1 : 0;
      const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
      isHeapFull = used > limit * MAX_HEAP_SHARE;
    });
    app.addHook('onClose', async () => clearInterval(looking));
    done();
  },
  { name: 'load-shedding', dependencies: ['problem-handling', 'request-id'] },
);

/** Tells after each sample how late the event loop was at its looks, on the average and in milliseconds. */
function everySample(tell: (meanDelayMs: number) => void): NodeJS.Timeout {
  let lookedAt = performance.now();
  let began = lookedAt;
  let looks = 0;
  let delaysMs = 0;
  return setInterval(() => {
    const now = performance.now();
    delaysMs += Math.max(0, now - lookedAt - LOOK_MS);
    looks += 1;
    lookedAt = now;
    if (now - began < SAMPLE_MS) return;
    tell(delaysMs / looks);
    began = now;
    looks = 0;
    delaysMs = 0;
  }, LOOK_MS).unref();
}

function isForOperators(route = ''): boolean {
  return route.startsWith('/health/') || route === '/metrics';
}

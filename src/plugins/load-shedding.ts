/** Turns requests away while the process cannot keep up, so that those it has are served. */
import { getHeapStatistics } from 'node:v8';
import underPressure from '@fastify/under-pressure';
import fp from 'fastify-plugin';
import { ProblemError } from '../problems.ts';

/**
 * The mean of a few seconds: everyone has waited that long for every turn of the event loop. A
 * machine that is merely busy, or a process that has just started, must not turn anybody away.
 */
const MAX_EVENT_LOOP_DELAY_MS = 1_000;
/** Not shorter: a process that is kept from running for a whole sample counts as stuck. */
const SAMPLE_MS = 4_000;
/** Of what V8 may take: above it, it mostly collects garbage. */
const MAX_HEAP_SHARE = 0.92;
const RETRY_AFTER_MS = 2_000;

export const loadShedding = fp(
  async (app) => {
    await app.register(underPressure, {
      sampleInterval: SAMPLE_MS,
      maxEventLoopDelay: MAX_EVENT_LOOP_DELAY_MS,
      maxHeapUsedBytes: Math.floor(getHeapStatistics().heap_size_limit * MAX_HEAP_SHARE),
      pressureHandler: (request) => {
        // Whoever watches over us must see what there is to see.
        if (isWatched(request.routeOptions.url)) return;
        throw new ProblemError('overloaded', { retryAfterMs: RETRY_AFTER_MS });
      },
    });
  },
  { name: 'load-shedding', dependencies: ['problem-handling', 'request-id'] },
);

function isWatched(route = ''): boolean {
  return route.startsWith('/health/') || route === '/metrics';
}

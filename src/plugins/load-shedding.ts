/** Turns requests away while the process cannot keep up, so that those it has are served. */
import { getHeapStatistics } from 'node:v8';
import underPressure from '@fastify/under-pressure';
import fp from 'fastify-plugin';
import { createPace } from '../lib/pace.ts';
import { ProblemError } from '../problems.ts';

/**
 * The mean of a few seconds: everyone has waited that long for every turn of the event loop. A
 * machine that is merely busy, or a process that has just started, must not turn anybody away.
 */
const MAX_EVENT_LOOP_DELAY_MS = 1_000;
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
  async (app) => {
    await app.register(underPressure, {
      sampleInterval: SAMPLE_MS,
      maxEventLoopDelay: MAX_EVENT_LOOP_DELAY_MS,
      maxHeapUsedBytes: Math.floor(getHeapStatistics().heap_size_limit * MAX_HEAP_SHARE),
      pressureHandler: (request, _reply, type) => {
        // Operators must see what there is to see.
        if (isForOperators(request.routeOptions.url)) return;
        if (type === underPressure.TYPE_EVENT_LOOP_DELAY && lateSamples < LATE_SAMPLES) return;
        throw new ProblemError('overloaded', { retryAfterMs: RETRY_AFTER_MS });
      },
    });
    const enter = createPace(REQUESTS_PER_TURN);
    app.addHook('onRequest', async ({ routeOptions }) => {
      if (!isForOperators(routeOptions.url)) await enter(1);
    });
    let lateSamples = 0;
    const sampling = setInterval(() => {
      const isLate = app.memoryUsage().eventLoopDelay > MAX_EVENT_LOOP_DELAY_MS;
      lateSamples = isLate ? lateSamples + 1 : 0;
    }, SAMPLE_MS).unref();
    app.addHook('onClose', async () => clearInterval(sampling));
  },
  { name: 'load-shedding', dependencies: ['problem-handling', 'request-id'] },
);

function isForOperators(route = ''): boolean {
  return route.startsWith('/health/') || route === '/metrics';
}

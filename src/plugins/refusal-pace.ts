/**
 * Answers a client that goes on asking for what it was refused (429) one at a time, before anything is
 * done for it: however much it asks at once, it costs no more than one caller that takes its time.
 *
 * Each operation by itself, so that a client whose queue is full still reads at full speed; and the first
 * answer that is no refusal ends it. Who heeds Retry-After never waits.
 */
import fp from 'fastify-plugin';
import { createSlowLanes } from '../lib/slow-lanes.ts';
import { ProblemError } from '../problems.ts';
import type { EdgeDeps } from '../routes/types.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose answers are told apart from others' by this name; none before it has come on. */
    lane: string | null;
  }
}

/** A refusal costs about half a millisecond of this process, and as much of Redis. */
const PAUSE_MS = 2;
/** Of one client and operation: all connections together are 4,096, and others want theirs. */
const MAX_WAITING = 1_000;
const RETRY_MS = 10_000;
const TOO_MANY = {
  detail: {
    en: 'The client asks on and on for what it was refused. Ask again after `Retry-After`.',
    tr: 'İstemci reddedilen isteği durmadan yineliyor. `Retry-After` süresinden sonra yeniden isteyin.',
  },
};

/** Register after `authentication`, and before what costs anything. */
export const refusalPace = fp<Pick<EdgeDeps, 'shutdown'>>(
  (app, { shutdown }, done) => {
    const lanes = createSlowLanes({ pauseMs: PAUSE_MS, maxWaiting: MAX_WAITING });
    shutdown.addEventListener('abort', () => lanes.close(), { once: true });
    app.decorateRequest('lane', null);
    app.addHook('onRequest', (request, reply, next) => {
      const { caller, method, routeOptions } = request;
      // Strangers have bounds of their own.
      if (caller === null) {
        next();
        return;
      }
      const lane = `${caller.name} ${method} ${routeOptions.url ?? ''}`;
      lanes.enter(lane, (hasTurn) => {
        if (!hasTurn) {
          reply.header('connection', 'close');
          next(new ProblemError('rate-limited', { ...TOO_MANY, retryAfterMs: RETRY_MS }));
          return;
        }
        request.lane = lane;
        if (reply.raw.destroyed) {
          // Nobody is left to be answered: the next in line goes.
          lanes.note(lane, true);
          reply.hijack();
        } else next();
      });
    });
    app.addHook('onResponse', ({ lane }, { statusCode }, next) => {
      if (lane !== null) lanes.note(lane, statusCode === 429);
      next();
    });
    done();
  },
  { name: 'refusal-pace', dependencies: ['authentication', 'problem-handling'] },
);

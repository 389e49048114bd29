/**
 * Requests of an API client, a minute, counted in Redis for all replicas together.
 *
 * Counted before the body is read and whatever becomes of the request. Without Redis nothing is
 * counted: the routes that need it answer so themselves, and the others cost little.
 */
import { callbackify } from 'node:util';
import rateLimit, { type FastifyRateLimitStoreCtor } from '@fastify/rate-limit';
import fp from 'fastify-plugin';
import { defined } from '../lib/defined.ts';
import { ProblemError } from '../problems.ts';

export interface RateLimitOptions {
  /** Requests a minute of one API client. */
  limitPerMinute: number;
  /** Counts in this process when there is none. */
  count?: CountRequest;
}

/** Counts a request of a client: how many there are in its window, and how long that still lasts. */
export type CountRequest = (
  client: string,
  windowMs: number,
) => Promise<{ current: number; ttl: number }>;

const MINUTE_MS = 60_000;

export const clientRateLimit = fp<RateLimitOptions>(
  async (app, { limitPerMinute, count }) => {
    await app.register(rateLimit, {
      global: false,
      max: limitPerMinute,
      timeWindow: MINUTE_MS,
      enableDraftSpec: true,
      skipOnError: true,
      keyGenerator: (request) => request.caller?.name ?? '',
      // Addresses without a key have no caller to count for.
      allowList: (request) => request.caller === null,
      errorResponseBuilder: (_request, { ttl }) =>
        new ProblemError('rate-limited', { retryAfterMs: ttl }),
      ...defined({ store: count && storeOver(count) }),
    });
    // A hook of the whole app: an address that does not exist counts too.
    app.addHook('onRequest', app.rateLimit());
  },
  { name: 'client-rate-limit', dependencies: ['authentication', 'problem-handling'] },
);

/** As the plugin wants a store: it makes it by itself. */
function storeOver(count: CountRequest): FastifyRateLimitStoreCtor {
  const counted = callbackify(count);
  return class Store {
    incr(client: string, done: Parameters<typeof counted>[2], windowMs: number): void {
      counted(client, windowMs, done);
    }
    /** One limit for all routes. */
    child(): Store {
      return this;
    }
  };
}

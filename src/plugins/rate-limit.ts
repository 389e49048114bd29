/**
 * Requests of an API client, a minute, counted in Redis for all replicas together.
 *
 * Counted before the body is read and whatever becomes of the request. Without Redis nothing is
 * counted: the routes that need it answer so themselves, and the others cost little.
 */
import rateLimit from '@fastify/rate-limit';
import fp from 'fastify-plugin';
import type { Redis } from 'ioredis';
import { defined } from '../lib/defined.ts';
import { ProblemError } from '../problems.ts';

export interface RateLimitOptions {
  /** Requests a minute of one API client. */
  limitPerMinute: number;
  /** Counts in this process when there is none. */
  store?: RateLimitStore;
}

export interface RateLimitStore {
  /** Fails fast: every request waits for it. */
  redis: Redis;
  /** What its keys start with. */
  prefix: string;
}

const MINUTE_MS = 60_000;

export const clientRateLimit = fp<RateLimitOptions>(
  async (app, { limitPerMinute, store }) => {
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
      ...defined({ redis: store?.redis, nameSpace: store?.prefix }),
    });
    // A hook of the whole app: an address that does not exist counts too.
    app.addHook('onRequest', app.rateLimit());
  },
  { name: 'client-rate-limit', dependencies: ['authentication', 'problem-handling'] },
);

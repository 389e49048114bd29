/**
 * Who is calling: an API client by its bearer key (RFC 6750), or `local` when no key is asked.
 *
 * A good key always passes. An address that failed too often is told no more than that for the rest
 * of the minute, so one that guesses cannot shut out who calls from the same address.
 * Failures are counted in this process alone: they need no Redis, and an attacker gains little by
 * going from replica to replica.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import { normalizeIP } from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { ApiClient } from '../config/clients.ts';
import { createFailureWindow, type FailureWindow } from '../lib/failure-window.ts';
import { QUEUE_LIMIT } from '../lib/queue-limit.ts';
import { ProblemError } from '../problems.ts';
import type { Caller, EdgeDeps } from '../routes/types.ts';

type AuthenticationDeps = Pick<EdgeDeps, 'clients' | 'members' | 'clock'>;

/** Of one address; of an IPv6 network of 64 bits, for a caller may choose among its addresses. */
const FAILURES = { limit: 100, windowMs: 60_000, maxNames: 10_000 };

export const authentication = fp<AuthenticationDeps>(
  (app, deps, done) => {
    const failures = createFailureWindow(FAILURES, () => deps.clock.elapsedMs());
    app.decorateRequest('caller', null);
    app.addHook('onRequest', (request, _reply, next) => {
      if (request.routeOptions.config.public !== true) {
        request.caller = identify(deps, request, failures);
      }
      next();
    });
    done();
  },
  { name: 'authentication' },
);

/** @throws ProblemError `unauthorized`, `rate-limited`. */
function identify(
  deps: AuthenticationDeps,
  request: FastifyRequest,
  failures: FailureWindow,
): Caller {
  const clients = deps.clients();
  if (clients === undefined) {
    return {
      name: 'local',
      members: deps.members(),
      operator: true,
      auditor: true,
      queueLimit: QUEUE_LIMIT,
      notices: {},
    };
  }
  const key = /^Bearer +([\x21-\x7e]+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  const client = key === undefined ? undefined : clientOf(clients, key);
  if (client !== undefined) return client;
  const address = normalizeIP(request.ip);
  const blockedMs = failures.blockedMs(address);
  if (blockedMs > 0) {
    throw new ProblemError('rate-limited', { ...BLOCKED, retryAfterMs: blockedMs });
  }
  failures.note(address);
  throw new ProblemError('unauthorized');
}

const BLOCKED = {
  detail: {
    en: 'Too many requests without a valid key came from this address.',
    tr: 'Bu adresten geçerli anahtarı olmayan çok fazla istek geldi.',
  },
};

/** Compares with every key of every client, so that the time taken tells nothing. */
function clientOf(clients: readonly ApiClient[], key: string): ApiClient | undefined {
  const digest = hash('sha256', key, 'buffer');
  let found: ApiClient | undefined;
  for (const client of clients) {
    for (const known of client.keyDigests) {
      if (timingSafeEqual(known, digest)) found = client;
    }
  }
  return found;
}

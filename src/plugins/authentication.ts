/** Who is calling: an API client by its bearer key (RFC 6750), or `local` when no key is asked. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import type { ApiClient } from '../config/clients.ts';
import { ProblemError } from '../problems.ts';
import type { Caller, EdgeDeps } from '../routes/types.ts';

export const authentication = fp<Pick<EdgeDeps, 'clients' | 'members'>>(
  (app, deps, done) => {
    app.decorateRequest('caller', null);
    app.addHook('onRequest', (request, _reply, next) => {
      if (request.routeOptions.config.public !== true) request.caller = identify(deps, request);
      next();
    });
    done();
  },
  { name: 'authentication' },
);

/** @throws ProblemError `unauthorized`. */
function identify(deps: Pick<EdgeDeps, 'clients' | 'members'>, request: FastifyRequest): Caller {
  const clients = deps.clients();
  if (clients === undefined) return { name: 'local', members: deps.members(), operator: true };
  const key = /^Bearer +([\x21-\x7e]+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  const client = key === undefined ? undefined : clientOf(clients, key);
  if (client === undefined) throw new ProblemError('unauthorized');
  return client;
}

/** Compares with every key of every client, so that the time taken tells nothing. */
function clientOf(clients: readonly ApiClient[], key: string): ApiClient | undefined {
  const digest = createHash('sha256').update(key).digest();
  let found: ApiClient | undefined;
  for (const client of clients) {
    for (const known of client.keyDigests) {
      if (timingSafeEqual(known, digest)) found = client;
    }
  }
  return found;
}

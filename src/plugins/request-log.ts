/**
 * One line a request: who, what, how it ended and how long it took. Never a header, never a body.
 *
 * Probes and scrapes that go well are told at `debug`: they would drown everything else.
 */
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';

declare module 'fastify' {
  interface FastifyRequest {
    /** What the line tells of the answer besides its status; each adds what it knows. */
    told: { report?: string; problem?: string } | null;
  }
}

const PROBES = /^\/(?:health\/\w+|metrics)$/;

export const requestLog = fp(
  (app, _options, done) => {
    app.decorateRequest('told', null);
    app.addHook('onResponse', (request, reply, next) => {
      const path = request.url.split('?')[0] ?? '';
      const isQuiet = reply.statusCode < 400 && PROBES.test(path);
      request.log[isQuiet ? 'debug' : 'info'](
        {
          client: request.caller?.name,
          address: request.ip,
          method: request.method,
          path,
          report: request.told?.report ?? reportOf(request),
          status: reply.statusCode,
          problem: request.told?.problem,
          durationMs: Math.round(reply.elapsedTime),
        },
        'answered',
      );
      next();
    });
    app.addHook('onRequestAbort', (request, next) => {
      request.log.info(
        { client: request.caller?.name, address: request.ip },
        'the caller has gone',
      );
      next();
    });
    done();
  },
  { name: 'request-log', dependencies: ['authentication'] },
);

/** The report that the path names, if it is one of ours. */
function reportOf({ routeOptions, params }: FastifyRequest): string | undefined {
  const { id } = (params ?? {}) as { id?: unknown };
  return routeOptions.url?.startsWith('/balances/:id') === true && typeof id === 'string'
    ? id
    : undefined;
}

/**
 * One line a request: who, what, how it ended and how long it took. Never a header, never a body.
 * An answer that did not come to its end has a line of its own, a warning where it was us who ended it.
 *
 * Probes and scrapes that go well are told at `debug`: they would drown everything else.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { requestPath } from '../lib/request-path.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /**
     * What the line tells of the answer besides its status; each adds what it knows. `letGo`: its
     * reader took nothing for too long.
     */
    told: { report?: string; problem?: string; letGo?: true } | null;
  }
}

const PROBES = /^\/(?:health\/\w+|metrics)$/;

export const requestLog = fp(
  (app, _options, done) => {
    app.decorateRequest('told', null);
    app.addHook('onRequest', (request, reply, next) => {
      // Fastify's onResponse is for answers that came to their end.
      reply.raw.once('close', () => {
        if (reply.raw.writableFinished) return;
        const status = reply.raw.headersSent ? reply.statusCode : undefined;
        const level = request.told?.letGo === true ? 'warn' : 'info';
        request.log[level](lineOf(request, reply, status), 'broken off');
      });
      next();
    });
    app.addHook('onResponse', (request, reply, next) => {
      const line = lineOf(request, reply, reply.statusCode);
      const isQuiet = reply.statusCode < 400 && PROBES.test(line.path);
      request.log[isQuiet ? 'debug' : 'info'](line, 'answered');
      next();
    });
    done();
  },
  { name: 'request-log', dependencies: ['authentication'] },
);

function lineOf(request: FastifyRequest, reply: FastifyReply, status: number | undefined) {
  return {
    client: request.caller?.name,
    address: request.ip,
    method: request.method,
    path: requestPath(request.url),
    report: request.told?.report ?? reportOf(request),
    status,
    problem: request.told?.problem,
    letGo: request.told?.letGo,
    durationMs: Math.round(reply.elapsedTime),
  };
}

/** The report that the path names, if it is one of ours. */
function reportOf({ routeOptions, params }: FastifyRequest): string | undefined {
  const { id } = (params ?? {}) as { id?: unknown };
  return routeOptions.url?.startsWith('/balances/:id') === true && typeof id === 'string'
    ? id
    : undefined;
}

/** Tells of each answer by its route, method and status: never by its path, its caller or its body. */
import fp from 'fastify-plugin';
import type { Metrics } from '../operations/metrics.ts';

/** Where no route fits; a path would be a label that callers choose. */
const NO_ROUTE = 'none';

export const httpMetrics = fp<{ metrics: Pick<Metrics, 'onHttp'> }>(
  (app, { metrics }, done) => {
    app.addHook('onResponse', (request, reply, next) => {
      metrics.onHttp({
        method: request.method,
        route: request.routeOptions.url ?? NO_ROUTE,
        status: reply.statusCode,
        durationMs: reply.elapsedTime,
      });
      next();
    });
    done();
  },
  { name: 'http-metrics' },
);

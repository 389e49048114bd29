/** `GET /metrics`: the metrics for Prometheus. */
import { Type } from 'typebox';
import type { App, EdgeDeps } from '../types.ts';
import { answer, NO_KEY, PUBLIC } from '../../schemas/common.ts';
import { ON_PUBLIC, problemAnswers } from '../../schemas/problems.ts';

const endpoint = {
  ...PUBLIC,
  schema: {
    operationId: 'readMetrics',
    tags: ['operations'],
    security: NO_KEY,
    summary: 'Read the metrics',
    description: "Prometheus's text format. Ölçümler.",
    response: {
      200: answer('The metrics. Ölçümler.', {
        'text/plain': { schema: Type.String(), example: 'mks_gateway_redis_up 1\n' },
      }),
      ...problemAnswers(ON_PUBLIC),
    },
  },
};

export function readMetrics(app: App, deps: EdgeDeps): void {
  const { metrics } = deps.operations;
  app.get('/metrics', endpoint, async (_request, reply) =>
    reply
      .header('content-type', metrics.contentType)
      .header('cache-control', 'no-store')
      .send(await metrics.text()),
  );
}

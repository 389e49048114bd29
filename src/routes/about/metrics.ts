/** `GET /metrics`: the metrics for Prometheus. */
import { metricsOperation } from '../../schemas/health-operations.ts';
import type { App, EdgeDeps } from '../types.ts';

export function readMetrics(app: App, deps: EdgeDeps): void {
  const { metrics } = deps.operations;
  app.get('/metrics', metricsOperation, async (_request, reply) =>
    reply
      .header('content-type', metrics.contentType)
      .header('cache-control', 'no-store')
      .send(await metrics.text()),
  );
}

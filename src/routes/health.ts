/** `GET /health/live` and `/health/ready`: whether the process runs, and whether it can serve. */
import { healthOperation } from '../schemas/reference-operations.ts';
import type { App, EdgeDeps } from './types.ts';

export function readHealth(app: App, deps: EdgeDeps): void {
  app.get('/health/live', healthOperation('live'), (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );
  app.get('/health/ready', healthOperation('ready'), async (_request, reply) => {
    const checks = { ...(await deps.health()), accepting: { ok: !deps.shutdown.aborted } };
    const isReady = Object.values(checks).every(({ ok }) => ok);
    return reply
      .code(isReady ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: isReady ? 'ok' : 'unavailable', checks });
  });
}

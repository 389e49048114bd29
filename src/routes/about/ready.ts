/** `GET /health/ready`: can it serve; each check by name. */
import { toIstanbulTimestamp } from '../../lib/dates.ts';
import { jsonAnswer, NO_KEY, PUBLIC, refTo } from '../../schemas/common.ts';
import { Health } from '../../schemas/health.ts';
import { ON_PUBLIC, problemAnswers } from '../../schemas/problems.ts';
import type { App, EdgeDeps, HealthCheck } from '../types.ts';

const checksExample = (ok: boolean) => ({
  redis: { ok, checkedAt: '2025-05-06T10:15:00.000+03:00', ageSeconds: 0.4 },
});

const endpoint = {
  ...PUBLIC,
  schema: {
    operationId: 'readReadiness',
    tags: ['operations'],
    security: NO_KEY,
    summary: 'Can it serve?',
    description: 'Each check by name, with its result and age. Hazır mı?',
    response: {
      200: jsonAnswer('Yes. Evet.', refTo(Health), { status: 'ok', checks: checksExample(true) }),
      ...problemAnswers(ON_PUBLIC),
      503: jsonAnswer('No. Hayır.', refTo(Health), {
        status: 'unavailable',
        checks: checksExample(false),
      }),
    },
  },
};

export function readReadiness(app: App, deps: EdgeDeps): void {
  app.get('/health/ready', endpoint, async (_request, reply) => {
    const found = await deps.health();
    const now = deps.clock.now();
    const checks = { ...found, accepting: { ok: !deps.shutdown.aborted, checkedAt: now } };
    const isReady = Object.values(checks).every(({ ok }) => ok);
    return reply
      .code(isReady ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({
        status: isReady ? 'ok' : 'unavailable',
        checks: Object.fromEntries(
          Object.entries(checks).map(([name, check]) => [name, checkDocument(check, now)]),
        ),
      });
  });
}

function checkDocument({ checkedAt, ...check }: HealthCheck, now: number) {
  return {
    ...check,
    checkedAt: toIstanbulTimestamp(checkedAt),
    ageSeconds: Math.max(0, Math.round((now - checkedAt) / 100) / 10),
  };
}

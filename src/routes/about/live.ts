/** `GET /health/live`: does the process run. */
import { jsonAnswer, NO_KEY, PUBLIC, refTo } from '../../schemas/common.ts';
import { Health } from '../../schemas/health.ts';
import { ON_PUBLIC, problemAnswers } from '../../schemas/problems.ts';
import type { App } from '../types.ts';

const endpoint = {
  ...PUBLIC,
  schema: {
    operationId: 'readLiveness',
    tags: ['operations'],
    security: NO_KEY,
    summary: 'Does it run?',
    description: 'The process runs. Çalışıyor mu?',
    response: {
      200: jsonAnswer('Yes. Evet.', refTo(Health), { status: 'ok' }),
      ...problemAnswers(ON_PUBLIC),
    },
  },
};

export function readLiveness(app: App): void {
  app.get('/health/live', endpoint, (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );
}

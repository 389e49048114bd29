/** `GET /openapi.json`: the OpenAPI document of this very app. */
import { Type } from 'typebox';
import type { App } from '../types.ts';
import { jsonAnswer, NO_KEY, PUBLIC } from '../../schemas/common.ts';
import { ON_PUBLIC, problemAnswers } from '../../schemas/problems.ts';

const endpoint = {
  ...PUBLIC,
  schema: {
    operationId: 'readOpenapi',
    tags: ['operations'],
    security: NO_KEY,
    summary: 'Read this document',
    description: 'OpenAPI 3.1. Bu belge.',
    response: {
      200: jsonAnswer('The document. Belge.', Type.Object({}, { additionalProperties: true }), {
        openapi: '3.1.0',
      }),
      ...problemAnswers(ON_PUBLIC),
    },
  },
};

export function readOpenapi(app: App): void {
  app.get('/openapi.json', endpoint, (_request, reply) => reply.send(app.swagger()));
}

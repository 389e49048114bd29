/** `GET /openapi.json`: the OpenAPI document of this very app. */
import { openapiOperation } from '../../schemas/reference-operations.ts';
import type { App } from '../types.ts';

export function readOpenapi(app: App): void {
  app.get('/openapi.json', openapiOperation, (_request, reply) => reply.send(app.swagger()));
}

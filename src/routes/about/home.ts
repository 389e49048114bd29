/** `GET /`: leads a browser to the console; for programs nothing is here. */
import { preferredType } from '../../lib/negotiation.ts';
import { ProblemError } from '../../problems.ts';
import { PUBLIC } from '../../schemas/common.ts';
import type { App } from '../types.ts';

const endpoint = { ...PUBLIC, schema: { hide: true } };

export function leadBrowserOn(app: App): void {
  app.get('/', endpoint, (request, reply) => {
    const type = preferredType(request.headers.accept, ['application/problem+json', 'text/html']);
    if (type !== 'text/html') throw new ProblemError('not-found');
    return reply.header('vary', 'Accept').redirect('/console', 302);
  });
}

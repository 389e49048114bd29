/** `GET /console`: the page for people, and below it what it is made of. Neither needs a key or shows data. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { matchesEntityTag } from '../../lib/negotiation.ts';
import { ProblemError } from '../../problems.ts';
import { PUBLIC } from '../../schemas/common.ts';
import type { App, EdgeDeps } from '../types.ts';
import { CONSOLE_POLICY, consoleFiles, consolePage, type ConsoleFile } from './files.ts';

/** For browsers, not for programs: no operation of the API. */
const endpoint = { ...PUBLIC, schema: { hide: true } };

export function showConsole(app: App, deps: Pick<EdgeDeps, 'clients'>): void {
  let files: ReadonlyMap<string, ConsoleFile> | undefined;
  app.get('/console', endpoint, (request, reply) =>
    send(request, reply, consolePage(deps.clients() !== undefined)),
  );
  app.get<{ Params: { '*': string } }>('/console/*', endpoint, (request, reply) => {
    files ??= consoleFiles();
    const file = files.get(request.params['*']);
    if (file === undefined) throw new ProblemError('not-found');
    return send(request, reply, file);
  });
}

/** Asked for anew each time, so that a page and its parts are of one version; unchanged, it costs no body. */
function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { contentType, entityTag, body }: ConsoleFile,
): FastifyReply {
  reply
    .header('content-security-policy', CONSOLE_POLICY)
    .header('cache-control', 'no-cache')
    .header('etag', entityTag);
  if (matchesEntityTag(request.headers['if-none-match'], entityTag)) return reply.code(304).send();
  return reply.type(contentType).send(body);
}

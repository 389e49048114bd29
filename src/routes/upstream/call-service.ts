/** `POST /mks/v1/…`: one signed call of a service of MKS on the caller's behalf. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { isSuccessCode } from '../../mks/codes.ts';
import type { ServiceFacts } from '../../mks/services/catalogue.ts';
import type { JsonObject, MksArchive, MksMessage } from '../../mks/types.ts';
import { passThroughOperation } from '../../schemas/pass-through-operation.ts';
import { callerOf, resolveMember } from '../request/access.ts';
import { requireChunks, sendStream } from '../request/send.ts';
import type { App, EdgeDeps } from '../types.ts';
import { callerGone } from '../request/waiting.ts';

/** One route a service, so that each has a schema and a place in the document of its own. */
export function callServices(app: App, deps: EdgeDeps): void {
  for (const service of deps.services) callService(app, deps, service);
}

function callService(app: App, deps: EdgeDeps, service: ServiceFacts): void {
  app.post(`/mks/v1/${service.name}`, passThroughOperation(service), async (request, reply) => {
    if (service.givesFile) requireChunks(request);
    const caller = callerOf(request);
    const reference = request.headers['sender-reference'];
    const answer = await deps.passThrough.call({
      member: resolveMember(caller, request.query.member, 'member'),
      service: service.name,
      body: request.body as JsonObject,
      client: caller.name,
      ...(typeof reference === 'string' && { senderReference: reference }),
      signal: callerGone(reply),
    });
    reply.header('sender-reference', answer.senderReference).header('cache-control', 'no-store');
    return answer.kind === 'message'
      ? sendMessage(reply, answer)
      : sendArchive(request, reply, answer);
  });
}

/**
 * The very text that MKK signed: to parse it and write it anew could change a number's digits. MKS
 * answers business codes with 422; a code decides where it used another status.
 */
function sendMessage(reply: FastifyReply, answer: MksMessage): FastifyReply {
  const isMksStatus = answer.httpStatus === 200 || answer.httpStatus === 422;
  const status = isMksStatus ? answer.httpStatus : isSuccessCode(answer.code) ? 200 : 422;
  return reply.code(status).type('application/json').send(answer.payloadText);
}

function sendArchive(
  request: FastifyRequest,
  reply: FastifyReply,
  answer: MksArchive,
): FastifyReply {
  reply.raw.once('close', () => answer.cancel());
  reply.header('content-type', 'application/octet-stream');
  return sendStream(request, reply, () => answer.stream);
}

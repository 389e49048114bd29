/** Streams as answers. */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from '../../problems.ts';

/**
 * Refuses a streamed answer to a caller of anything but HTTP/1.1, before anything is done for it:
 * without chunks the end of such an answer is the end of the connection, so a broken one would look
 * complete (RFC 9112 §6.3). Node's parser lets request lines of HTTP/0.9 and HTTP/2.0 pass as well.
 *
 * @throws ProblemError `invalid-request`.
 */
export function requireChunks(request: FastifyRequest): void {
  if (request.raw.httpVersion === '1.1' || request.method === 'HEAD') return;
  const message = {
    en: 'this answer is streamed and needs HTTP/1.1, also of a proxy in between',
    tr: 'bu yanıt akış halinde gelir; aradaki vekil sunucu da dahil HTTP/1.1 gerekir',
  };
  throw new ProblemError('invalid-request', { extensions: { errors: [{ path: '', message }] } });
}

/**
 * Sends what the source yields, with backpressure. If it fails before the first byte the answer is a
 * problem; after it, the connection breaks. HEAD reads nothing of it.
 */
export function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  source: () => AsyncIterable<Uint8Array | string>,
): FastifyReply {
  requireChunks(request);
  const stream =
    request.method === 'HEAD' ? Readable.from([]) : Readable.from(source(), { objectMode: false });
  return reply.send(stream);
}

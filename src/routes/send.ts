/** Streams as answers. */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Sends what the source yields, with backpressure. If it fails before the first byte the answer is a
 * problem; after it, the connection breaks. HEAD reads nothing of it.
 */
export function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  source: () => AsyncIterable<Uint8Array | string>,
): FastifyReply {
  const stream =
    request.method === 'HEAD' ? Readable.from([]) : Readable.from(source(), { objectMode: false });
  return reply.send(stream);
}

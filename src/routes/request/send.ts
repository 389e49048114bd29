/** Streams as answers. */
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createPace } from '../../lib/pace.ts';
import { streamInto } from '../../lib/release.ts';
import { ProblemError } from '../../problems.ts';
import { callerOf } from './access.ts';
import { callerGone } from './waiting.ts';

const KIB = 1024;
/** What a reader is given at a time, and all of them in one turn of the event loop. */
const WINDOW_BYTES = 64 * KIB;
const pace = createPace(4096 * KIB);
/** A reader that takes nothing for so long is let go. */
const STALLED_MS = 60_000;

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
 * Sends what the source yields, with backpressure, and lets go of its memory then (`releasing`).
 * @throws as `sendStream`.
 */
export function sendOwn(
  request: FastifyRequest,
  reply: FastifyReply,
  source: () => AsyncIterable<Uint8Array>,
): FastifyReply {
  if (request.method === 'HEAD') return sendStream(request, reply, source);
  requireChunks(request);
  return reply.send(streamInto(reply.raw, endWhenStalled(request, reply, source())));
}

/**
 * Sends what the source yields, with backpressure. If it fails before the first byte the answer is a
 * problem; after it, the connection breaks, as it does when the reader takes nothing for a minute.
 * HEAD reads nothing of it.
 */
export function sendStream(
  request: FastifyRequest,
  reply: FastifyReply,
  source: () => AsyncIterable<Uint8Array | string>,
): FastifyReply {
  requireChunks(request);
  const pieces = request.method === 'HEAD' ? [] : endWhenStalled(request, reply, source());
  return reply.send(Readable.from(pieces, { objectMode: false }));
}

/**
 * Sends bytes that others may be sent at the same time: not copied, and in windows, so that nobody
 * waits while a large answer goes out to many.
 */
export function sendBytes(
  request: FastifyRequest,
  reply: FastifyReply,
  bytes: Uint8Array,
): FastifyReply {
  if (bytes.length <= WINDOW_BYTES || request.method === 'HEAD') return reply.send(bytes);
  reply.header('content-length', bytes.length);
  return sendStream(request, reply, () => inWindows(bytes));
}

async function* inWindows(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += WINDOW_BYTES) {
    const window = bytes.subarray(at, at + WINDOW_BYTES);
    await new Promise<void>((go) => pace(window.length, go));
    yield window;
  }
}

/** Breaks the connection of a reader that takes nothing: it holds a report open no longer. */
async function* endWhenStalled<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  source: AsyncIterable<T>,
): AsyncGenerator<T> {
  let isFirst = true;
  for await (const piece of source) {
    // Node sets the time anew with what is taken, and to its own for the next request.
    if (isFirst) reply.raw.setTimeout(STALLED_MS, () => letGo(request, reply));
    isFirst = false;
    yield piece;
  }
}

/** Who takes the answer, as `Readers` want to know him. */
export function readerOf(request: FastifyRequest, reply: FastifyReply) {
  return {
    client: callerOf(request).name,
    /** Made when it is looked at: who is given bytes that are there needs none. */
    get signal() {
      return callerGone(reply);
    },
    letGo: () => letGo(request, reply),
  };
}

/** Breaks the answer off, and has the log say that it was not the caller. */
function letGo(request: FastifyRequest, reply: FastifyReply): void {
  request.told = { ...request.told, letGo: true };
  reply.raw.destroy();
}

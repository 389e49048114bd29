/** Puts an answer on the wire, well or as a fault wants it. */
import { createReadStream } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { isOf, type Fault, type FaultNameOf } from '../faults/catalogue.ts';
import type { Delivery } from './delivery.ts';

const MEGABYTE = 1024 * 1024;
const MAX_HEADER_BYTES = 64 * MEGABYTE;

/** Sends the answer. @throws Error when the client goes away first. */
export async function send(
  response: ServerResponse,
  delivery: Delivery,
  fault: Fault | undefined,
): Promise<void> {
  if (isOf('wire', fault)) return sendBadly(response, delivery, fault);
  head(response, delivery, sizeOf(delivery));
  return pipeline(contentOf(delivery), response);
}

async function sendBadly(
  response: ServerResponse,
  delivery: Delivery,
  fault: Fault & { name: FaultNameOf<'wire'> },
): Promise<void> {
  const { socket } = response;
  switch (fault.name) {
    case 'no-answer':
      return;
    case 'reset-after':
      socket?.resetAndDestroy();
      return;
    case 'empty-body':
      head(response, delivery, 0);
      response.end();
      return;
    case 'connection-close':
      response.setHeader('Connection', 'close');
      head(response, delivery, sizeOf(delivery));
      return pipeline(contentOf(delivery), response);
    case 'drip':
      head(response, delivery, sizeOf(delivery));
      return pipeline(dripped(contentOf(delivery), fault.bytesPerSecond ?? 10), response);
    case 'huge-body':
      response.writeHead(delivery.httpStatus, { 'Content-Type': delivery.contentType });
      return pipeline(filler(fault.megabytes ?? 64), response);
    case 'endless-headers':
      if (socket !== null) await sendHeadersWithoutEnd(socket);
      return;
    case 'reset-midway':
      head(response, delivery, sizeOf(delivery));
      await sendHalf(response, delivery);
      socket?.resetAndDestroy();
  }
}

function head(response: ServerResponse, delivery: Delivery, bytes: number): void {
  response.writeHead(delivery.httpStatus, {
    'Content-Type': delivery.contentType,
    'Content-Length': bytes,
  });
}

function sizeOf({ content }: Delivery): number {
  return Buffer.isBuffer(content) ? content.length : content.bytes;
}

function contentOf({ content }: Delivery): Readable {
  // A list around the buffer keeps it one chunk; on its own it would be read byte by byte.
  return Buffer.isBuffer(content) ? Readable.from([content]) : createReadStream(content.path);
}

async function* dripped(content: Readable, bytesPerSecond: number): AsyncGenerator<Buffer> {
  const pieceBytes = Math.max(1, Math.floor(bytesPerSecond / 10));
  for await (const chunk of content as AsyncIterable<Buffer>) {
    for (let start = 0; start < chunk.length; start += pieceBytes) {
      yield chunk.subarray(start, start + pieceBytes);
      await sleep((pieceBytes / bytesPerSecond) * 1000);
    }
  }
}

async function* filler(megabytes: number): AsyncGenerator<Buffer> {
  const piece = Buffer.alloc(MEGABYTE, 'A');
  for (let count = 0; count < megabytes; count += 1) yield piece;
}

async function sendHalf(response: ServerResponse, delivery: Delivery): Promise<void> {
  let left = Math.floor(sizeOf(delivery) / 2);
  for await (const chunk of contentOf(delivery) as AsyncIterable<Buffer>) {
    const piece = chunk.subarray(0, left);
    await new Promise((resolve) => response.write(piece, resolve));
    left -= piece.length;
    if (left === 0) return;
  }
}

async function sendHeadersWithoutEnd(socket: Socket): Promise<void> {
  await pipeline(headerLines(), socket);
}

async function* headerLines(): AsyncGenerator<string> {
  yield 'HTTP/1.1 200 OK\r\n';
  const line = `X-Filler: ${'a'.repeat(1000)}\r\n`;
  for (let bytes = 0; bytes < MAX_HEADER_BYTES; bytes += line.length) yield line;
}

/** Framing as fast as it can be sent: ended by its bytes and not by the deadline, in little memory. */
import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import test from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { readBody, TransportError } from '../../src/mks/reply.ts';
import { createTransport } from '../../src/mks/transport.ts';
import { listen } from './support.ts';

const MEGABYTE = 1024 * 1024;

const floods: [name: string, head: string, piece: string][] = [
  ['interim answers', '', 'HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n'.repeat(2000)],
  [
    'a chunk extension',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=',
    'x'.repeat(65536),
  ],
  [
    'chunks of one byte',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n',
    `1;${'x'.repeat(500)}\r\ny\r\n`.repeat(100),
  ],
];

for (const [name, head, piece] of floods) {
  test(`a flood of ${name}`, async (t) => {
    let sentBytes = 0;
    const flood = (socket: Socket): void => {
      while (!socket.destroyed && socket.write(piece)) sentBytes += piece.length;
      sentBytes += piece.length;
    };
    const port = await listen(t, (socket) => {
      socket.once('data', () => {
        socket.write(head);
        flood(socket);
      });
      socket.on('drain', () => flood(socket));
    });
    const transport = createTransport({ baseUrl: `http://127.0.0.1:${port}` }, systemClock);
    const rssBytes = process.memoryUsage.rss();
    const began = performance.now();
    const answer = async (): Promise<Buffer> => {
      const deadlineElapsedMs = systemClock.elapsedMs() + 10_000;
      const request = { path: '/', headers: {}, body: Buffer.from('x'), deadlineElapsedMs };
      return readBody(await transport.post(request), MEGABYTE);
    };
    await assert.rejects(answer(), (error: unknown) => {
      return error instanceof TransportError && error.fault === 'too-large' && error.sent;
    });
    const tookMs = performance.now() - began;
    assert.ok(tookMs < 3000, `${tookMs} ms`);
    const grownBytes = process.memoryUsage.rss() - rssBytes;
    assert.ok(grownBytes < 64 * MEGABYTE, `grown by ${grownBytes} bytes`);
    assert.ok(sentBytes < 16 * MEGABYTE, `took in ${sentBytes} bytes`);
  });
}

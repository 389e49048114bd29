/** A file that stops coming in the middle: given up after the idle time, long before its deadline. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { readBody, TransportError } from '../../src/mks/reply.ts';
import { createTransport } from '../../src/mks/transport.ts';
import { CONTENT, setUp } from '../mks/support.ts';

const IDLE_MS = 200;

for (const [name, bytes] of [
  ['before the first byte', ''],
  ['in the middle', 'PK\u0003\u0004'],
] as const) {
  test(`silent file, ${name}`, async (t) => {
    const { upstream } = await setUp(t);
    upstream.onCall = () => (response) => {
      if (bytes !== '') response.writeHead(200).write(bytes);
    };
    const transport = createTransport({ baseUrl: upstream.url }, systemClock);
    const began = performance.now();
    const reading = transport
      .post({
        path: `/v1/${CONTENT.service}`,
        headers: {},
        body: Buffer.from('{"requestHeader":{}}'),
        deadlineElapsedMs: systemClock.elapsedMs() + 10_000,
        idleTimeoutMs: IDLE_MS,
      })
      .then((reply) => readBody(reply, 1000));
    await assert.rejects(
      reading,
      (error: unknown) => error instanceof TransportError && error.fault === 'idle' && error.sent,
    );
    const tookMs = performance.now() - began;
    assert.ok(tookMs >= IDLE_MS - 5 && tookMs < IDLE_MS + 250, `took ${tookMs} ms`);
  });
}

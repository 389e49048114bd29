/** A server whose process stands still: the kernel makes the connection and takes the message, and nobody reads it. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { TransportError } from '../../src/mks/reply.ts';
import { createTransport } from '../../src/mks/transport.ts';
import { startStoppedServer } from '../support/endless-answers.ts';
import { freePort } from '../support/port.ts';

const DEADLINE_MS = 600;

test('half open', async (t) => {
  const port = await freePort();
  await startStoppedServer(t, '127.0.0.1', port);
  const transport = createTransport({ baseUrl: `http://127.0.0.1:${port}` }, systemClock);
  const began = performance.now();
  await assert.rejects(
    transport.post({
      path: '/v1/auth',
      headers: {},
      body: Buffer.from('{}'),
      deadlineElapsedMs: systemClock.elapsedMs() + DEADLINE_MS,
    }),
    (error: unknown) => error instanceof TransportError && error.fault === 'deadline' && error.sent,
  );
  const tookMs = performance.now() - began;
  assert.ok(tookMs < DEADLINE_MS + 250, `took ${tookMs} ms`);
});

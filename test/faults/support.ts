/** One transport fault: what the caller is told, how soon, and when the reference may leave again. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/lib/clock.ts';
import type { MksErrorCode } from '../../src/mks/errors.ts';
import { TransportError } from '../../src/mks/reply.ts';
import { createTransport, type TransportOptions } from '../../src/mks/transport.ts';
import { errorOf, mkk, setUp, STATUS } from '../mks/support.ts';
import { jws, message, type Answer } from '../support/upstream.ts';

const DEADLINE_MS = 600;
const TOLERANCE_MS = 250;

/**
 * Logs in, lets the upstream fail a call as told, and checks the error, the deadline, the journal
 * and the reference: it is not sent again before its deadline, and the same one leaves after it.
 */
export function sentFault(
  name: string,
  answer: Answer,
  code: MksErrorCode = 'mks-unknown-outcome',
): void {
  test(name, async (t) => {
    const { mks, upstream, exchanges } = await setUp(t, {
      config: { requestTimeoutMs: DEADLINE_MS },
    });
    await mks.call(STATUS);
    upstream.onCall = () => answer;
    const began = performance.now();
    const error = await errorOf(mks.call(STATUS));
    const tookMs = performance.now() - began;
    assert.equal(error.code, code, error.message);
    assert.equal(error.outcome, 'unknown');
    assert.ok(tookMs < DEADLINE_MS + TOLERANCE_MS, `took ${tookMs} ms`);
    assert.equal(exchanges.at(-1)?.outcome, 'unknown');
    assert.equal(upstream.calls.length, 2, 'nothing is sent twice by itself');

    upstream.onCall = (received) => ({ body: jws(message(received), mkk.privateKey) });
    const { senderReference = '', deadline = 0 } = error.details;
    const again = { ...STATUS, senderReference };
    if (deadline - Date.now() > 50) {
      assert.equal((await errorOf(mks.call(again))).code, 'conflict', 'it is under way');
    }
    await sleep(Math.max(0, deadline - Date.now() + 20));
    await mks.call(again);
    assert.equal(upstream.calls.at(-1)?.senderReference, senderReference);
    assert.equal((await errorOf(mks.call(again))).code, 'conflict', 'a messageId ends it');
  });
}

/** A connection that cannot be made: the transport knows for certain that nothing has left. */
export function unsentFault(
  name: string,
  open: (t: TestContext) => Promise<TransportOptions>,
): void {
  test(name, async (t) => {
    const transport = createTransport(await open(t), systemClock);
    // Twice: a TLS session of the first try must not carry the second one past a check.
    for (let round = 0; round < 2; round += 1) {
      const began = performance.now();
      await assert.rejects(
        transport.post({
          path: '/v1/auth',
          headers: {},
          body: Buffer.from('secret'),
          deadlineElapsedMs: systemClock.elapsedMs() + DEADLINE_MS,
        }),
        (error: unknown) => error instanceof TransportError && !error.sent,
      );
      const tookMs = performance.now() - began;
      assert.ok(tookMs < DEADLINE_MS + TOLERANCE_MS, `took ${tookMs} ms`);
    }
  });
}

/** A bare TCP server on a port of its own. @returns the port. */
export async function listen(
  t: TestContext,
  onConnection: (socket: Socket) => void,
): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

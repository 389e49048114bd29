/**
 * The wire to MKS: one connection a message, and certain knowledge of whether anything was sent.
 *
 * Connections are not kept: on a kept one MKS's side may hang up just as we send, and then nobody
 * could say what became of the message. TLS sessions are resumed, so a new one costs little.
 */
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { errors, type Dispatcher } from 'undici';
import type { Clock } from '../lib/clock.ts';
import { createOverhead, type Overhead } from './overhead.ts';
import { createGuard, TransportError, type Guard, type Reply } from './reply.ts';
import { dispatcherFactory, type TransportOptions } from './transport/dispatcher.ts';

export type { TransportOptions };

export interface PostRequest {
  path: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** On the monotonic clock: connection, sending and the whole answer have to fit in. */
  deadlineElapsedMs: number;
  /** Milliseconds without a byte of the answer after which it is given up. */
  idleTimeoutMs?: number;
  /** Called when the connection stands and before the first byte; a throw stops the sending. */
  beforeFirstByte?: () => void;
}

export interface Transport {
  /** @throws TransportError when no answer begins. */
  post(request: PostRequest): Promise<Reply>;
  /** Breaks what is under way. */
  close(): void;
}

export function createTransport(options: TransportOptions, clock: Clock): Transport {
  const base = new URL(options.baseUrl);
  const prefix = base.pathname.replace(/\/$/, '');
  const { open: openDispatcher, origin } = dispatcherFactory(options, base);
  const underWay = new Set<Guard>();

  return {
    async post(request) {
      const wire = openWire(request, clock, openDispatcher, (guard) => underWay.delete(guard));
      const { guard } = wire;
      underWay.add(guard);
      guard.stopped.catch(wire.release);
      try {
        const answer = wire.dispatcher.request({
          origin,
          path: `${prefix}${request.path}`,
          method: 'POST',
          headers: {
            ...request.headers,
            host: base.host,
            'content-length': String(request.body.byteLength),
          },
          // undici takes any async iterable; its types know of streams alone.
          body: outgoing(request, wire, clock) as unknown as Readable,
          signal: guard.signal,
          onInfo: wire.overhead.interim,
          reset: true,
        });
        // undici looks at the signal only once it is connected, so the waiting ends here; and as
        // the body looks at it first, what has not been sent by then never will be.
        const response = await Promise.race([answer, guard.stopped]);
        guard.expectNothing();
        return {
          status: response.statusCode,
          headers: response.headers,
          body: pieces(response.body, wire),
          cancel: () => guard.stop('closed'),
        };
      } catch (error) {
        throw wire.failure(error);
      }
    },

    close() {
      for (const guard of underWay) guard.stop('closed');
    },
  };
}

/** Made once: undici makes one with a stack of its own else, for each message. */
const OVER = new Error('the exchange is over');

/** The connection of one message, its bounds, and whether anything was sent over it. */
interface Wire {
  dispatcher: Dispatcher;
  guard: Guard;
  overhead: Overhead;
  sent: boolean;
  release: () => void;
  /** Lets go of the connection and says what a throw means. */
  failure: (error: unknown) => TransportError;
}

function openWire(
  { deadlineElapsedMs, idleTimeoutMs }: PostRequest,
  clock: Clock,
  openDispatcher: (onSocket: (socket: Socket) => void) => Dispatcher,
  onRelease: (guard: Guard) => unknown,
): Wire {
  const guard = createGuard(deadlineElapsedMs - clock.elapsedMs(), idleTimeoutMs);
  const overhead = createOverhead(() => guard.stop('too-large'));
  const dispatcher = openDispatcher(overhead.count);
  const release = (): void => {
    guard.release();
    onRelease(guard);
    // The connection is of no further use, and what is left of it interests nobody.
    dispatcher.destroy(OVER).catch(() => undefined);
  };
  const wire: Wire = {
    dispatcher,
    guard,
    overhead,
    sent: false,
    release,
    failure(error) {
      release();
      const fault = guard.fault ?? (isOverflow(error) ? 'too-large' : 'failed');
      return new TransportError(fault, wire.sent, error);
    },
  };
  return wire;
}

/** undici pulls the body when the connection stands, and writes the head with the first piece. */
async function* outgoing(
  request: PostRequest,
  wire: Wire,
  clock: Clock,
): AsyncGenerator<Uint8Array> {
  const { guard } = wire;
  if (clock.elapsedMs() >= request.deadlineElapsedMs) guard.stop('deadline');
  guard.signal.throwIfAborted();
  request.beforeFirstByte?.();
  wire.sent = true;
  guard.expectBytes();
  yield request.body;
}

async function* pieces(
  body: AsyncIterable<Uint8Array>,
  { guard, overhead, release, failure }: Wire,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      // Only while we wait for MKS: a slow reader of ours is not its silence.
      guard.expectBytes();
      const { done, value } = await iterator.next();
      guard.expectNothing();
      if (done === true) return;
      overhead.taken(value.byteLength);
      yield value;
    }
  } catch (error) {
    throw failure(error);
  } finally {
    release();
  }
}

function isOverflow(error: unknown): boolean {
  return error instanceof errors.HeadersOverflowError;
}

/**
 * The wire to MKS: one connection a message, and certain knowledge of whether anything was sent.
 *
 * Connections are not kept: on a kept one MKS's side may hang up just as we send, and then nobody
 * could say what became of the message. TLS sessions are resumed, so a new one costs little.
 */
import type { Socket } from 'node:net';
import { errors, type Dispatcher } from 'undici';
import type { Clock } from '../lib/clock.ts';
import { createOverhead } from './overhead.ts';
import {
  createGuard,
  TransportError,
  type Guard,
  type Reply,
  type TransportFault,
} from './reply.ts';
import { senderFactory, type Sender, type TransportOptions } from './transport/dispatcher.ts';
import { createIncoming, type Incoming } from './transport/incoming.ts';

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

/** More are at work only in a burst; those that are not kept are garbage. */
const IDLE_MAX = 64;

export function createTransport(options: TransportOptions, clock: Clock): Transport {
  const base = new URL(options.baseUrl);
  const prefix = base.pathname.replace(/\/$/, '');
  const { create, origin } = senderFactory(options, base);
  const underWay = new Set<Wire>();
  /** Without a connection: they are kept for messages to come, since making one is a fifth of the work of sending. */
  const idle: Sender[] = [];

  return {
    post(request) {
      const sender = idle.pop() ?? create();
      const wire = openWire(request, sender, clock, (isWhole) => {
        underWay.delete(wire);
        // Where the answer came whole its connection is closed, and nothing is left under way.
        if (isWhole && idle.length < IDLE_MAX) idle.push(sender);
        else if (!isWhole) sender.dispatcher.destroy(OVER).catch(() => undefined);
      });
      underWay.add(wire);
      const headers = {
        ...request.headers,
        host: base.host,
        'content-length': String(request.body.byteLength),
      };
      sender.dispatcher.dispatch(
        {
          origin,
          path: `${prefix}${request.path}`,
          method: 'POST',
          headers,
          body: request.body,
          reset: true,
        },
        wire.handler,
      );
      return wire.reply;
    },

    close() {
      for (const { stop } of underWay) stop('closed');
    },
  };
}

/** Made once: undici makes one with a stack of its own else, for each message. */
const OVER = new Error('the exchange is over');
const LATE = new Error('the deadline has passed');

/** One message and its answer, as undici tells of them. */
interface Wire {
  /** Nothing happens where it is over already. */
  stop(fault: TransportFault): void;
  handler: Dispatcher.DispatchHandler;
  /** Rejects with TransportError. */
  reply: Promise<Reply>;
}

/** @param onEnd called once: whether the answer came whole. */
function openWire(
  request: PostRequest,
  sender: Sender,
  clock: Clock,
  onEnd: (isWhole: boolean) => void,
): Wire {
  const { promise: reply, resolve, reject } = Promise.withResolvers<Reply>();
  const incoming = createIncoming();
  const timeoutMs = request.deadlineElapsedMs - clock.elapsedMs();
  const guard = createGuard(timeoutMs, request.idleTimeoutMs, stop);
  const overhead = createOverhead(() => stop('too-large'));
  let connection: Socket | undefined;
  sender.onSocket = (socket) => {
    connection = socket;
    overhead.count(socket);
  };
  let isSent = false;
  let isOver = false;

  function end(isWhole: boolean): void {
    isOver = true;
    guard.release();
    onEnd(isWhole);
  }

  function stop(fault: TransportFault, cause?: unknown): void {
    if (isOver) return;
    end(false);
    const failure = new TransportError(fault, isSent, cause);
    reject(failure);
    incoming.end(failure);
  }

  const handler: Dispatcher.DispatchHandler = {
    // The connection stands, and undici writes when this has returned: not a byte where it throws.
    onRequestStart() {
      if (isOver || isSent) throw OVER;
      if (clock.elapsedMs() >= request.deadlineElapsedMs) throw LATE;
      request.beforeFirstByte?.();
      isSent = true;
      guard.expectBytes();
    },
    onResponseStart(_controller, status, headers) {
      if (status < 200) return overhead.interim();
      guard.expectNothing();
      const cancel = (): void => stop('closed');
      resolve({ status, headers, body: readUnder(guard, incoming, cancel), cancel });
    },
    onResponseData(controller, piece) {
      overhead.taken(piece.byteLength);
      incoming.add(piece, controller);
    },
    onResponseEnd() {
      if (isOver) return;
      // undici would do it next, and make an error for it whose stack alone costs a tenth of a message.
      connection?.destroy();
      end(true);
      incoming.end();
    },
    onResponseError: (_controller, error) => stop(faultOf(error), error),
  };
  return { stop, handler, reply };
}

function faultOf(error: unknown): TransportFault {
  if (error === LATE) return 'deadline';
  return error instanceof errors.HeadersOverflowError ? 'too-large' : 'failed';
}

/** Silence counts only while we wait for MKS: a slow reader of ours is not its silence. */
async function* readUnder(guard: Guard, incoming: Incoming, cancel: () => void): Reply['body'] {
  try {
    for (;;) {
      guard.expectBytes();
      const piece = await incoming.next();
      guard.expectNothing();
      if (piece === undefined) return;
      yield piece;
    }
  } finally {
    guard.expectNothing();
    cancel();
  }
}

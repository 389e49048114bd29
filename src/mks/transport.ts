/**
 * The wire to MKS: one connection a message, and certain knowledge of whether anything was sent.
 *
 * Connections are not kept: on a kept one MKS's side may hang up just as we send, and then nobody
 * could say what became of the message. TLS sessions are resumed, so a new one costs little.
 */
import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { getCACertificates } from 'node:tls';
import { Client, ProxyAgent, buildConnector, errors, type Dispatcher } from 'undici';
import type { Clock } from '../lib/clock.ts';
import { createOverhead, type Overhead } from './overhead.ts';
import { createGuard, TransportError, type Guard, type Reply } from './reply.ts';

export interface TransportOptions {
  /** Origin and perhaps a path prefix, without a slash at the end. */
  baseUrl: string;
  /** Local address that every connection is bound to. */
  egressAddress?: string;
  /** IP address to connect to; the name in baseUrl is still the one that TLS checks. */
  hostAddress?: string;
  /** Forward proxy; it is asked for a tunnel to hostAddress where there is one, else to the name. */
  proxyUrl?: string;
  /** Certificates in PEM, trusted for TLS beside the usual ones. */
  ca?: string;
}

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

const HEADERS_MAX_BYTES = 16 * 1024;

export function createTransport(options: TransportOptions, clock: Clock): Transport {
  const base = new URL(options.baseUrl);
  const prefix = base.pathname.replace(/\/$/, '');
  const { open: openDispatcher, origin } = dispatcherFactory(options, base);
  const underWay = new Set<Guard>();

  return {
    async post(request) {
      const { deadlineElapsedMs, idleTimeoutMs } = request;
      const guard = createGuard(deadlineElapsedMs - clock.elapsedMs(), idleTimeoutMs);
      const overhead = createOverhead(() => guard.stop('too-large'));
      const dispatcher = openDispatcher(overhead.watch);
      let sent = false;
      const release = (): void => {
        guard.release();
        underWay.delete(guard);
        // The connection is of no further use, and what is left of it interests nobody.
        dispatcher.destroy().catch(() => undefined);
      };
      const failure = (error: unknown): TransportError => {
        release();
        const fault = guard.fault ?? (isOverflow(error) ? 'too-large' : 'failed');
        return new TransportError(fault, sent, error);
      };
      // undici pulls the body when the connection stands, and writes the head with the first piece.
      async function* body(): AsyncGenerator<Uint8Array> {
        if (clock.elapsedMs() >= deadlineElapsedMs) guard.stop('deadline');
        guard.signal.throwIfAborted();
        request.beforeFirstByte?.();
        sent = true;
        guard.expectBytes();
        yield request.body;
      }
      underWay.add(guard);
      guard.stopped.catch(release);
      try {
        const answer = dispatcher.request({
          origin,
          path: `${prefix}${request.path}`,
          method: 'POST',
          headers: {
            ...request.headers,
            host: base.host,
            'content-length': String(request.body.byteLength),
          },
          // undici takes any async iterable; its types know of streams alone.
          body: body() as unknown as Readable,
          signal: guard.signal,
          onInfo: overhead.interim,
          reset: true,
        });
        // undici looks at the signal only once it is connected, so the waiting ends here; and as
        // the body looks at it first, what has not been sent by then never will be.
        const response = await Promise.race([answer, guard.stopped]);
        guard.expectNothing();
        // A body that is broken off unread says so to nobody.
        response.body.on('error', () => undefined);
        return {
          status: response.statusCode,
          headers: response.headers,
          body: pieces(response.body, { guard, overhead, release, failure }),
          cancel: () => guard.stop('closed'),
        };
      } catch (error) {
        throw failure(error);
      }
    },

    close() {
      for (const guard of underWay) guard.stop('closed');
    },
  };
}

async function* pieces(
  body: AsyncIterable<Uint8Array>,
  exchange: {
    guard: Guard;
    overhead: Overhead;
    release: () => void;
    failure: (error: unknown) => TransportError;
  },
): AsyncGenerator<Uint8Array, void, undefined> {
  const { guard, overhead, release, failure } = exchange;
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

/**
 * How to open the client of one connection, and the origin to ask it for. TLS sessions are shared by
 * all of them, but for those through a proxy.
 */
function dispatcherFactory(
  options: TransportOptions,
  base: URL,
): { open: (onSocket: (socket: Socket) => void) => Dispatcher; origin: string } {
  const { egressAddress, hostAddress, proxyUrl, ca } = options;
  const limits = { maxHeaderSize: HEADERS_MAX_BYTES, headersTimeout: 0, bodyTimeout: 0 };
  const trust = {
    allowH2: false,
    ...(ca !== undefined && { ca: [...getCACertificates('default'), ca] }),
  };
  // A connection from an address goes to addresses of its kind.
  const kind = egressAddress === undefined ? {} : { family: isIP(egressAddress) };
  const bound = egressAddress === undefined ? {} : { localAddress: egressAddress };
  if (proxyUrl === undefined) {
    const connect = buildConnector({
      ...trust,
      ...kind,
      ...(hostAddress !== undefined && { lookup: lookupAs(hostAddress) }),
    });
    const { origin } = base;
    return {
      open: (onSocket) =>
        new Client(origin, { connect: handing(connect, onSocket), ...bound, ...limits }),
      origin,
    };
  }
  const hostname = base.hostname.replace(/^\[|\]$/g, '');
  const open = (onSocket: (socket: Socket) => void): Dispatcher =>
    new ProxyAgent({
      uri: proxyUrl,
      proxyTunnel: true,
      allowH2: false,
      proxyTls: { ...trust, ...kind },
      // The client of the proxy is the one that connects, so it is the one to bind.
      clientFactory: (origin, clientOptions) => new Client(origin, { ...clientOptions, ...bound }),
      // The client of what lies behind the tunnel, whose `connect` ProxyAgent makes.
      factory: (origin, clientOptions) => {
        const { connect, ...rest } = clientOptions as { connect: buildConnector.connector };
        return new Client(origin, { ...rest, connect: handing(connect, onSocket) });
      },
      // Whatever the tunnel leads to, TLS in it asks for the host by its name.
      requestTls: { ...trust, servername: isIP(hostname) === 0 ? hostname : '' },
      ...limits,
    });
  return { open, origin: originAt(base, hostAddress) };
}

/** A connector that shows each socket before it is used. */
function handing(
  connect: buildConnector.connector,
  onSocket: (socket: Socket) => void,
): buildConnector.connector {
  return (options, callback) =>
    connect(options, (...result) => {
      const [error, socket] = result;
      if (error === null) onSocket(socket);
      callback(...result);
    });
}

/** The base's origin, its host replaced by an address. */
function originAt({ origin, protocol, port }: URL, address: string | undefined): string {
  if (address === undefined) return origin;
  const host = isIP(address) === 6 ? `[${address}]` : address;
  return `${protocol}//${host}${port === '' ? '' : `:${port}`}`;
}

/** A name service that knows one answer. */
function lookupAs(address: string): LookupFunction {
  const family = isIP(address);
  return (_hostname, options, callback) => {
    if (options.all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}

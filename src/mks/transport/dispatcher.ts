/** Where a connection to MKS comes from and goes to: addresses, proxy and trusted certificates. */
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { Client, ProxyAgent, buildConnector, type Dispatcher } from 'undici';
import { defined } from '../../lib/defined.ts';

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

const HEADERS_MAX_BYTES = 16 * 1024;

/** What sends one message after another, each over a connection of its own. */
export interface Sender {
  dispatcher: Dispatcher;
  /** Shown each connection before it is used. */
  onSocket: (socket: Socket) => void;
}

/**
 * How to make a sender, and the origin to ask it for. TLS sessions are shared by all of them, but for those
 * through a proxy.
 */
export function senderFactory(
  options: TransportOptions,
  base: URL,
): { create: () => Sender; origin: string } {
  const { egressAddress, hostAddress, proxyUrl, ca } = options;
  const limits = { maxHeaderSize: HEADERS_MAX_BYTES, headersTimeout: 0, bodyTimeout: 0 };
  const trust = { allowH2: false, secureContext: secureContextOf(ca) };
  // A connection from an address goes to addresses of its kind.
  const kind = egressAddress === undefined ? {} : { family: isIP(egressAddress) };
  const bound = defined({ localAddress: egressAddress });
  if (proxyUrl === undefined) {
    const connect = buildConnector({
      ...trust,
      ...kind,
      ...(hostAddress !== undefined && { lookup: lookupAs(hostAddress) }),
    });
    const { origin } = base;
    const open = (onSocket: (socket: Socket) => void): Dispatcher =>
      new Client(origin, { connect: handing(connect, onSocket), ...bound, ...limits });
    return { create: () => createSender(open), origin };
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
  return { create: () => createSender(open), origin: originAt(base, hostAddress) };
}

function createSender(open: (onSocket: (socket: Socket) => void) => Dispatcher): Sender {
  const dispatcher = open((socket) => sender.onSocket(socket));
  const sender: Sender = { dispatcher, onSocket: () => undefined };
  return sender;
}

/** Made once: each connection would read all authorities anew, which costs it several signatures' time. */
function secureContextOf(ca: string | undefined): SecureContext {
  return createSecureContext(ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] });
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

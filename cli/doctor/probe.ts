/**
 * Walks the way to MKS step by step, as the transport would: name, connection, TLS, the server's
 * clock. It sends no message and no secret of a member.
 */
import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls, getCACertificates, type TLSSocket } from 'node:tls';
import { defined } from '../../src/lib/defined.ts';
import type { Clock } from '../../src/lib/clock.ts';
import { within } from '../../src/lib/within.ts';
import type { TransportOptions } from '../../src/mks/transport.ts';

/** What a step found, or the code of its failure: Node's, OpenSSL's, `ETIMEDOUT`, `HTTP 407`. */
export type Step<Found> = ({ ok: true } & Found) | { ok: false; code: string; detail?: string };

/** The steps as far as they came: a step that failed is the last but for the clock. */
export interface ProbeReport {
  /** The end of the first connection, `host:port`: MKS's, or the proxy's. */
  target: string;
  name: Step<{ addresses: string[] }>;
  connection?: Step<{ remoteAddress: string; localAddress: string; elapsedMs: number }>;
  /** With a proxy alone: whether it connected us. */
  tunnel?: Step<object>;
  /** Absent too where the address is plain http. */
  tls?: Step<{ protocol: string; issuer: string; validTo: number }>;
  /** How far MKS's clock is ahead of ours, to about a second; absent when it told no time. */
  clock?: Step<{ offsetMs: number }>;
}

interface Peer {
  host: string;
  port: number;
}

/**
 * Walks the way once.
 * @param timeoutMs for each step. Never throws for what it meets on the way.
 */
export async function probeUpstream(
  options: TransportOptions,
  clock: Clock,
  timeoutMs: number,
): Promise<ProbeReport> {
  const base = new URL(options.baseUrl);
  const proxy = options.proxyUrl === undefined ? undefined : new URL(options.proxyUrl);
  const first = peerOf(proxy ?? base);
  // With a proxy it is the far end of the tunnel.
  const address = proxy === undefined ? options.hostAddress : undefined;
  const report: ProbeReport = {
    target: hostPort(first),
    name: await step(async () => {
      if (address !== undefined) return { addresses: [address] };
      const found = await within(timeoutMs, lookup(first.host, { all: true }));
      return { addresses: found.map((entry) => entry.address) };
    }),
  };
  if (!report.name.ok) return report;

  const sockets: Socket[] = [];
  const keep = <Opened extends Socket>(socket: Opened): Opened => {
    sockets.push(socket);
    // Whoever waits for the socket hears of its failure; later ones interest nobody.
    socket.on('error', () => undefined);
    return socket;
  };
  try {
    await walk({ options, base, proxy, first, address, clock, timeoutMs, keep }, report);
  } finally {
    for (const socket of sockets.toReversed()) socket.destroy();
  }
  return report;
}

interface Walk {
  options: TransportOptions;
  base: URL;
  proxy: URL | undefined;
  first: Peer;
  address: string | undefined;
  clock: Clock;
  timeoutMs: number;
  keep: <Opened extends Socket>(socket: Opened) => Opened;
}

async function walk(way: Walk, report: ProbeReport): Promise<void> {
  const { base, proxy, options } = way;
  let socket: Socket | undefined;
  report.connection = await step(async () => {
    const began = way.clock.elapsedMs();
    socket = await open(way);
    const { remoteAddress = '', localAddress = '' } = socket;
    const elapsedMs = Math.round(way.clock.elapsedMs() - began);
    return { remoteAddress, localAddress, elapsedMs };
  });
  if (proxy !== undefined && socket !== undefined) {
    const connected = socket;
    socket = undefined;
    report.tunnel = await step(async () => {
      socket = await tunnel(way, proxy, connected);
      return {};
    });
  }
  if (base.protocol === 'https:' && socket !== undefined) {
    const connected = socket;
    socket = undefined;
    report.tls = await step(async () => {
      const secure = await secured(way, peerOf(base).host, connected);
      socket = secure;
      const { issuer, valid_to: validTo } = secure.getPeerCertificate();
      return {
        protocol: secure.getProtocol() ?? '',
        issuer: [issuer.O ?? issuer.CN ?? ''].flat().join(', '),
        validTo: Date.parse(validTo),
      };
    });
  }
  if (socket === undefined) return;
  const last = socket;
  const path = `${new URL(options.baseUrl).pathname.replace(/\/$/, '')}/`;
  report.clock = await step(() => readClock(way, last, path));
}

async function open({ options, first, address, timeoutMs, keep }: Walk): Promise<Socket> {
  const socket = keep(
    connect({
      host: address ?? first.host,
      port: first.port,
      ...(options.egressAddress !== undefined && {
        localAddress: options.egressAddress,
        family: isIP(options.egressAddress),
      }),
    }),
  );
  await within(timeoutMs, once(socket, 'connect'));
  return socket;
}

/** Asks a forward proxy to connect us with MKS (RFC 9110 §9.3.6). */
async function tunnel(way: Walk, proxy: URL, socket: Socket): Promise<Socket> {
  const { base, options, timeoutMs, keep } = way;
  const end = peerOf(base);
  const goal = hostPort({ ...end, host: options.hostAddress ?? end.host });
  const carrier =
    proxy.protocol === 'https:' ? await secured(way, peerOf(proxy).host, socket) : socket;
  const { username, password } = proxy;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const asked = request({
    createConnection: () => carrier,
    method: 'CONNECT',
    path: goal,
    headers: {
      host: goal,
      ...(credentials !== ':' && {
        'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}`,
      }),
    },
  }).end();
  asked.on('error', () => undefined);
  const [answer, through] = (await within(timeoutMs, once(asked, 'connect'))) as [
    IncomingMessage,
    Socket,
  ];
  keep(through);
  if (answer.statusCode !== 200) {
    throw Object.assign(new Error('refused'), { code: `HTTP ${answer.statusCode}` });
  }
  return through;
}

async function secured(
  { options, timeoutMs, keep }: Walk,
  host: string,
  socket: Socket,
): Promise<TLSSocket> {
  const { ca } = options;
  const secure = keep(
    connectTls({
      socket,
      host,
      servername: isIP(host) === 0 ? host : '',
      ...(ca !== undefined && { ca: [...getCACertificates('default'), ca] }),
    }),
  );
  await within(timeoutMs, once(secure, 'secureConnect'));
  return secure;
}

/** The Date of any answer at all (RFC 9110 §6.6.1); a HEAD of the root asks nothing of MKS. */
async function readClock(
  { base, clock, timeoutMs }: Walk,
  socket: Socket,
  path: string,
): Promise<{ offsetMs: number }> {
  const asked = request({
    createConnection: () => socket,
    method: 'HEAD',
    path,
    headers: { host: base.host, connection: 'close', 'user-agent': 'mks-gateway' },
  }).end();
  asked.on('error', () => undefined);
  const began = clock.now();
  const [answer] = (await within(timeoutMs, once(asked, 'response'))) as [IncomingMessage];
  const ended = clock.now();
  answer.on('error', () => undefined).resume();
  const serverMs = Date.parse(answer.headers.date ?? '');
  if (Number.isNaN(serverMs)) throw Object.assign(new Error('no Date'), { code: 'NO_DATE' });
  // Dates count in whole seconds: on average half of one has passed.
  return { offsetMs: Math.round(serverMs + 500 - (began + ended) / 2) };
}

async function step<Found extends object>(look: () => Promise<Found>): Promise<Step<Found>> {
  try {
    return { ok: true, ...(await look()) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const detail = namesOf(error);
    return { ok: false, code: codeOf(error), ...defined({ detail }) };
  }
}

function codeOf(error: Error): string {
  // Several addresses were tried: the last one's failure is as good as any.
  const last: unknown = error instanceof AggregateError ? error.errors.at(-1) : error;
  if (last instanceof Error && 'code' in last) return String(last.code);
  return error.name;
}

/** The names that a certificate is made out to, when ours is not among them. */
function namesOf(error: Error): string | undefined {
  if (!('cert' in error)) return undefined;
  const { subjectaltname } = error.cert as { subjectaltname?: string };
  return subjectaltname?.replaceAll(/(?:DNS|IP Address):/g, '').slice(0, 200);
}

function peerOf(url: URL): Peer {
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return { host: url.hostname.replace(/^\[(.*)\]$/, '$1'), port };
}

function hostPort({ host, port }: Peer): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

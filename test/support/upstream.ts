/**
 * A raw upstream: whatever a test wants MKS to answer, over a real socket. It keeps no state and
 * signs with node:crypto, so that nothing of the code under test helps to make what it is given.
 */
import { sign as signBytes, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Cleanup } from './cleanup.ts';

export interface Received {
  path: string;
  headers: IncomingMessage['headers'];
  /** The body as it came. */
  text: string;
  /** The body's JSON, out of the JWS where it is one. */
  payload: Record<string, unknown>;
  senderReference: string;
}

/** What to answer; or a function that does as it likes with the socket. */
export type Answer =
  | { status?: number; headers?: Record<string, string>; body?: string | Buffer }
  | ((response: ServerResponse) => void);

export type Handler = (received: Received) => Answer | Promise<Answer>;

export interface Upstream {
  url: string;
  port: number;
  /** All that came, logins too. */
  received: Received[];
  /** Without the logins. */
  readonly calls: Received[];
  readonly logins: number;
  connections: number;
  /** What is done with a connection before anything is read of it. */
  onConnection?: (socket: Socket) => void;
  onAuth: Handler;
  onCall: Handler;
  close(): Promise<void>;
}

export interface UpstreamOptions {
  handlers?: Partial<Pick<Upstream, 'onAuth' | 'onCall'>>;
  tls?: { key: string; cert: string };
  /** Makes the default answers of a call. */
  signingKey: KeyObject;
}

export const base64url = (bytes: Buffer | string): string =>
  Buffer.from(bytes).toString('base64url');

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A compact JWS over any header and payload, right or wrong. */
export function jws(
  payload: unknown,
  key: KeyObject,
  header: unknown = { alg: 'RS256' },
  hash = 'sha256',
): string {
  const input = `${base64url(asText(header))}.${base64url(asText(payload))}`;
  return `${input}.${base64url(signBytes(hash, Buffer.from(input), key))}`;
}

/** The payload that MKS answers with, as in MKS 5.1.6. */
export function message(
  received: Received,
  code = '0000',
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    responseHeader: {
      senderReference: received.senderReference,
      receiverMember: 'TIB',
      messageId: '875569523',
    },
    response: { responseCode: code, responseDesc: 'Başarılı' },
    ...more,
  };
}

let tokens = 0;

/** A token answer as in MKS 3.2.6. */
export function granted(more: Record<string, unknown> = {}): Answer {
  tokens += 1;
  const claims = base64url(JSON.stringify({ jti: String(tokens), claim: { auth: 'OK' } }));
  const token = `${base64url('{"alg":"RS256"}')}.${claims}.c2lnbmF0dXJl`;
  const answer = { tokenType: 'Bearer', token, Created: '2026-01-01', LifeTime: '3600', ...more };
  return { status: 200, body: JSON.stringify(answer) };
}

export async function startUpstream(
  t: Cleanup,
  { handlers, tls, signingKey }: UpstreamOptions,
): Promise<Upstream> {
  const sockets = new Set<Socket>();
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void answer(request, response).catch(() => response.destroy());
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  const upstream: Upstream = {
    url: '',
    port: 0,
    received: [],
    get calls() {
      return this.received.filter(({ path }) => !path.endsWith('/v1/auth'));
    },
    get logins() {
      return this.received.length - this.calls.length;
    },
    connections: 0,
    onAuth: handlers?.onAuth ?? (() => granted()),
    onCall: handlers?.onCall ?? ((received) => ({ body: jws(message(received), signingKey) })),
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const received = read(request, Buffer.concat(chunks).toString());
    upstream.received.push(received);
    const handler = received.path.endsWith('/v1/auth') ? upstream.onAuth : upstream.onCall;
    const reply = await handler(received);
    if (typeof reply === 'function') return reply(response);
    response.writeHead(reply.status ?? 200, reply.headers).end(reply.body);
  }

  server.on('connection', (socket: Socket) => {
    upstream.connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    upstream.onConnection?.(socket);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => upstream.close());
  upstream.port = (server.address() as AddressInfo).port;
  upstream.url = `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${upstream.port}`;
  return upstream;
}

function read(request: IncomingMessage, text: string): Received {
  const json = text.startsWith('{')
    ? text
    : Buffer.from(text.split('.')[1] ?? '', 'base64url').toString();
  const payload = JSON.parse(json) as Received['payload'];
  const header = payload['requestHeader'] as { senderReference: string };
  return {
    path: request.url ?? '',
    headers: request.headers,
    text,
    payload,
    senderReference: header.senderReference,
  };
}

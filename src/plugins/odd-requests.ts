/** What Node takes for no request, or for none of Fastify's: each gets a problem as its answer. */
import type { IncomingMessage } from 'node:http';
import type { Server, Socket } from 'node:net';
import { METHODS, STATUS_CODES } from '../lib/http.ts';
import { requestPath } from '../lib/request-path.ts';
import { ProblemError } from '../problems.ts';
import { problemDocument } from '../problems/render.ts';

/** Long enough for the refusal to arrive. */
const LINGER_MS = 500;
/** RFC 9112 §3: a method that Node does not know, a path, a version. */
const REQUEST_LINE = /^([!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}) (\/\S*) HTTP\/1\.[01]\r?\n/;
/** For CONNECT, whose target is a host and no path of ours. */
const ALL_METHODS = ['DELETE', 'GET', 'HEAD', 'POST'];

type MethodsOf = (path: string) => readonly string[];

/** To be called once a server; its framework never sees what is refused here. */
export function refuseOddRequests(server: Server, methodsOf: MethodsOf): void {
  server.on('clientError', (error: ClientError, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else refuse(socket, problemOf(error, methodsOf));
  });
  // Node hangs up on CONNECT when nobody listens.
  server.on('connect', ({ url = '' }: IncomingMessage, socket: Socket) => {
    const allow = methodsOf(requestPath(url));
    const methods = allow.length === 0 ? ALL_METHODS : allow;
    refuse(socket, new ProblemError('method-not-allowed', { allow: methods }));
  });
}

interface ClientError extends NodeJS.ErrnoException {
  /** The bytes that could not be read. */
  rawPacket?: Buffer;
}

/** A request whose method alone is unknown is answered as its path would answer a known one. */
function problemOf({ code, rawPacket }: ClientError, methodsOf: MethodsOf): ProblemError {
  const line = code === 'HPE_INVALID_METHOD' ? REQUEST_LINE.exec(String(rawPacket)) : null;
  const [, method = '', target = ''] = line ?? [];
  // The bytes may begin with an earlier request that was good.
  if (line === null || METHODS.includes(method)) return new ProblemError('invalid-request');
  const allow = methodsOf(requestPath(target));
  return allow.length === 0
    ? new ProblemError('not-found')
    : new ProblemError('method-not-allowed', { allow });
}

function refuse(socket: Socket, problem: ProblemError): void {
  socket.on('error', () => socket.destroy());
  const { status } = problem;
  const { allow } = problem.options;
  const body = JSON.stringify(problemDocument(problem, 'en', {}));
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(allow === undefined ? [] : [`Allow: ${allow.join(', ')}`]),
    'Connection: close',
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
  // Who does not hang up is hung up on, or half-open connections would pile up.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/** Answers that never end, each in a way that another timer would miss. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Cleanup } from './cleanup.ts';

type Endless = (response: ServerResponse) => void;

/** Writes something now and then, until the other side has had enough. */
function often(
  { socket }: ServerResponse,
  everyMs: number,
  write: (socket: NonNullable<ServerResponse['socket']>) => void,
): void {
  if (socket === null) return;
  const timer = setInterval(() => write(socket), everyMs);
  socket.on('close', () => clearInterval(timer));
}

/** The message is taken and nothing is ever said. */
export const blackHole: Endless = () => undefined;

/** A byte of the body now and then: no idle timer would ever end it. */
export const drip: Endless = (response) => {
  response.writeHead(200);
  often(response, 30, () => response.write('e'));
};

/** A byte of the head now and then. */
export const dripInHeaders: Endless = (response) => {
  response.socket?.write('HTTP/1.1 200 OK\r\nX-Slow: ');
  often(response, 30, (socket) => socket.write('x'));
};

/** Header after header. */
export const endlessHeaders: Endless = (response) => {
  response.socket?.write('HTTP/1.1 200 OK\r\n');
  often(response, 5, (socket) => socket.write(`X-More: ${'x'.repeat(8000)}\r\n`));
};

/** Interim answers: each is small, and no head ever grows too large. */
export const endlessInterim: Endless = (response) => {
  const early = `HTTP/1.1 103 Early Hints\r\nLink: </${'x'.repeat(2000)}>\r\n\r\n`;
  often(response, 2, (socket) => socket.write(early));
};

/** A chunk's extension: no byte of the body ever comes of it. */
export const endlessChunkExtension: Endless = (response) => {
  response.socket?.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;a=');
  often(response, 2, (socket) => socket.write('x'.repeat(8000)));
};

export const ENDLESS: Readonly<Record<string, Endless>> = {
  'black hole': blackHole,
  drip,
  'drip in the headers': dripInHeaders,
  'endless headers': endlessHeaders,
  'endless interim answers': endlessInterim,
  'endless chunk extension': endlessChunkExtension,
};

const LISTEN = `
  const [, host, port] = process.argv;
  require('node:net').createServer().listen({ host, port, backlog: 1 }, () => console.log('listening'));`;

/**
 * A server whose process stands still: the kernel makes its first connections, which are half open for
 * ever, and answers no further ones.
 */
export async function startStoppedServer(t: Cleanup, host: string, port: number): Promise<void> {
  const child = spawn(process.execPath, ['-e', LISTEN, host, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  child.kill('SIGSTOP');
}

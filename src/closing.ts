/** The end of an HTTP edge: what is under way may end by itself, but not for ever. */
import type { Server, Socket } from 'node:net';
import { socketName } from './lib/socket-name.ts';
import { within } from './lib/within.ts';
import type { App } from './routes/types.ts';

/** Answers under way may end by themselves for this long. */
const DRAIN_MS = 10_000;
const IDLE_CHECK_MS = 100;
/** Who has begun to send a request has this long for its head. */
const HEAD_MS = 1_000;

/** Of each server the connections that never brought a request: Node holds none of them for idle. */
const unused = new WeakMap<object, Map<string, Socket>>();

/** To be called before the server listens, so that `closeApp` knows whom nobody waits for. */
export function noteUnused(server: Server): void {
  const sockets = new Map<string, Socket>();
  unused.set(server, sockets);
  server.on('connection', (socket: Socket) => {
    const name = socketName(socket);
    sockets.set(name, socket);
    socket.once('close', () => {
      if (sockets.get(name) === socket) sockets.delete(name);
    });
  });
  server.on('request', ({ socket }: { socket: Socket }) => {
    if (sockets.size > 0) sockets.delete(socketName(socket));
  });
}

/** Ends the edge: connections without a request at once, the others with their answers. */
export async function closeApp(app: App): Promise<void> {
  const beganAt = performance.now();
  const endIdle = (): void => {
    // A connection that becomes idle only now would be kept open for a next request.
    app.server.closeIdleConnections();
    const isPatient = performance.now() - beganAt < HEAD_MS;
    for (const socket of unused.get(app.server)?.values() ?? []) {
      if (!isPatient || socket.bytesRead === 0) socket.destroy();
    }
  };
  const idle = setInterval(endIdle, IDLE_CHECK_MS);
  const closing = app.close();
  endIdle();
  await within(DRAIN_MS, closing).catch(() => undefined);
  clearInterval(idle);
}

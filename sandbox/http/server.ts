/** The HTTP or HTTPS server in front of the exchange and the control endpoints. */
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { control, CONTROL_PREFIX } from '../control.ts';
import type { World } from '../world.ts';
import { createExchange } from './exchange.ts';

export interface RunningServer {
  port: number;
  /** Breaks the connections that are open and waits until none is. */
  close(): Promise<void>;
}

/**
 * Starts to listen.
 * @param tls PEM key and certificate; plain http without.
 * @throws Error when the address cannot be listened on.
 */
export async function listen(
  world: World,
  host: string,
  port: number,
  tls: { key: string; cert: string } | undefined,
): Promise<RunningServer> {
  const exchange = createExchange(world);
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    const isControl = request.url?.startsWith(CONTROL_PREFIX) ?? false;
    const handled = isControl ? control(world, request, response) : exchange(request, response);
    handled.catch((error: unknown) => breakOff(request, error));
  };
  const server: Server =
    tls === undefined ? createHttpServer(handle) : createHttpsServer(tls, handle);
  server.on(tls === undefined ? 'connection' : 'secureConnection', () => {
    world.journal.stats.connections += 1;
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** A client that went away is no news; anything else is the sandbox's own mistake. */
function breakOff(request: IncomingMessage, error: unknown): void {
  const isGone = request.socket.destroyed;
  request.socket.destroy();
  if (!isGone) process.emitWarning(error instanceof Error ? error : String(error));
}

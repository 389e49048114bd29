/**
 * Bounds of connections: strangers, who have shown no good key yet, never keep others out.
 *
 * Where a bound is reached the oldest stranger's connection is ended for the new one, so that who
 * comes with a key gets in, also behind a proxy that all callers share: a request takes
 * milliseconds, and only a flood of as many connections in that time would be quicker.
 */
import type { Server, Socket } from 'node:net';
import { normalizeIP } from '@fastify/rate-limit';
import fp from 'fastify-plugin';
import { socketName } from '../lib/socket-name.ts';
import type { EdgeDeps } from '../routes/types.ts';

/** Of one address; of an IPv6 network of 64 bits, for a caller may choose among its addresses. */
const MAX_STRANGERS_OF_ADDRESS = 256;
/** What is left of all is kept free for those who have authenticated. */
const MAX_STRANGERS = 3_072;
const MAX_CONNECTIONS = 4_096;
/** Node refuses above it by itself, and would so before an older stranger is ended for a new one. */
const SPARE = 256;

/** Register after `authentication`; counts from the first connection on. */
export const connectionBounds = fp<Pick<EdgeDeps, 'clients'>>(
  (app, { clients }, done) => {
    app.server.maxConnections = MAX_CONNECTIONS + SPARE;
    const admit = boundConnections(app.server, () => clients() !== undefined);
    app.addHook('onRequest', (request, _reply, next) => {
      if (request.caller !== null) admit(request.socket);
      next();
    });
    done();
  },
  { name: 'connection-bounds', dependencies: ['authentication'] },
);

/**
 * Counts a server's connections and ends those above the bounds.
 *
 * @param asksForKeys where no key is asked an address is this machine's, and has no bound of its own.
 * @returns takes the socket of a request that has authenticated: it is a stranger's no longer.
 */
function boundConnections(server: Server, asksForKeys: () => boolean): (socket: Socket) => void {
  let connections = 0;
  /** In the order of their coming, as are those of each address. */
  const strangers = new Map<string, Socket>();
  const byAddress = new Map<string, Map<string, Socket>>();

  function forget(name: string, address: string): void {
    strangers.delete(name);
    const ofAddress = byAddress.get(address);
    ofAddress?.delete(name);
    if (ofAddress?.size === 0) byAddress.delete(address);
  }
  function endOldest(among: ReadonlyMap<string, Socket>): boolean {
    const [oldest] = among;
    if (oldest === undefined) return false;
    const [name, socket] = oldest;
    forget(name, addressOf(socket));
    socket.destroy();
    return true;
  }
  // Of a TLS server too these are the bare connections, before any handshake.
  server.on('connection', (socket: Socket) => {
    const address = addressOf(socket);
    const name = socketName(socket);
    const ofAddress = byAddress.get(address);
    if (ofAddress !== undefined && ofAddress.size >= MAX_STRANGERS_OF_ADDRESS && asksForKeys()) {
      endOldest(ofAddress);
    }
    if (strangers.size >= MAX_STRANGERS) endOldest(strangers);
    if (connections >= MAX_CONNECTIONS && !endOldest(strangers)) {
      socket.destroy();
      return;
    }
    connections += 1;
    strangers.set(name, socket);
    byAddress.set(address, (byAddress.get(address) ?? new Map()).set(name, socket));
    socket.once('close', () => {
      connections -= 1;
      // The name may be another's by now.
      if (strangers.get(name) === socket) forget(name, address);
    });
  });
  return (socket) => {
    if (strangers.size > 0) forget(socketName(socket), addressOf(socket));
  };
}

function addressOf({ remoteAddress }: Socket): string {
  return normalizeIP(remoteAddress ?? '');
}

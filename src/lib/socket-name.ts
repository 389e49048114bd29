/** Which connection a socket is of: the same for a connection and for the TLS socket over it. */
import type { Socket } from 'node:net';

/** No two open connections have the same. */
export function socketName({ remoteAddress, remotePort, localAddress }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress}`;
}

/** A forward proxy that knows only CONNECT, and tells who came and where to. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Cleanup } from './cleanup.ts';

export interface TestProxy {
  port: number;
  /** The heads of the requests. */
  asked: string[];
  /** The addresses that connections came from. */
  from: (string | undefined)[];
}

/** @param target where every tunnel leads, whatever was asked for; else to what was asked for. */
export async function startProxy(t: Cleanup, target?: { port: number }): Promise<TestProxy> {
  const asked: string[] = [];
  const from: (string | undefined)[] = [];
  const { port, sockets } = await listen(t, (client) => {
    from.push(client.remoteAddress);
    client.once('data', (head) => {
      asked.push(head.toString());
      const [, host = '', named] = /^CONNECT \[?([^ \]]+)\]?:(\d+) /.exec(head.toString()) ?? [];
      const [address, to] = target ? ['127.0.0.1', target.port] : [host, Number(named)];
      const server = connect(to, address, () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        server.pipe(client).pipe(server);
      });
      sockets.add(server.on('error', () => client.destroy()));
    });
  });
  return { port, asked, from };
}

/** Passes connections on to a port and tells where they came from. */
export async function startRelay(
  t: Cleanup,
  toPort: number,
): Promise<{ port: number; from: (string | undefined)[] }> {
  const from: (string | undefined)[] = [];
  const { port, sockets } = await listen(t, (client) => {
    from.push(client.remoteAddress);
    const server = connect(toPort, '127.0.0.1');
    sockets.add(server.on('error', () => client.destroy()));
    server.pipe(client).pipe(server);
  });
  return { port, from };
}

async function listen(t: Cleanup, onConnection: (client: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client.on('error', () => undefined));
    onConnection(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, sockets };
}

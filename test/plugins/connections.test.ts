/** As many connections as there may be, all of them of callers who have authenticated. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { test } from 'node:test';
import fastify from 'fastify';
import { systemClock } from '../../src/lib/clock.ts';
import { authentication } from '../../src/plugins/authentication.ts';
import { connectionBounds } from '../../src/plugins/connections.ts';
import { rawExchange } from '../support/raw.ts';
import { until } from '../support/until.ts';

const MOST = 4_096;
/** Fewer than wait for a server to accept them. */
const AT_ONCE = 256;
const GET = 'GET / HTTP/1.1\r\nHost: x\r\n';

test('nobody who has authenticated is ended for one more, who comes in when one has left', async (t) => {
  const app = fastify();
  const deps = { clients: () => undefined, members: () => [], clock: systemClock };
  await app.register(authentication, deps);
  await app.register(connectionBounds, deps);
  app.get('/', () => 'here');
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const open = new Set<Socket>();
  t.after(() => {
    for (const socket of open) socket.destroy();
    return app.close();
  });
  async function arrive(): Promise<void> {
    const socket = connect(port, '127.0.0.1');
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    socket.write(`${GET}\r\n`);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    assert.match(String(answer), /^HTTP\/1.1 200 /);
  }
  const last = `${GET}Connection: close\r\n\r\n`;

  while (open.size < MOST) await Promise.all(Array.from({ length: AT_ONCE }, arrive));
  assert.equal((await rawExchange(url, [last])).status, 0, 'its connection is ended');
  assert.equal(open.size, MOST);
  const [leaving] = open;
  leaving?.destroy();
  await until(async () => (await rawExchange(url, [last])).status === 200);
  assert.equal(open.size, MOST - 1);
});

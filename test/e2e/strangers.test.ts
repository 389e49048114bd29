/** Strangers with thousands of connections, and the operations port beside a full main port. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../support/folder.ts';
import { spawnGateway, startTestGateway } from '../support/gateway.ts';
import { environmentOf, startTestSandbox } from '../support/pair.ts';
import { freePort } from '../support/port.ts';

const KEY = 'a-key-of-the-good-client-0123456789-abcdef';
const STRANGER = '127.0.0.2';
const SOCKETS = 4_200;

/** The gateway's environment with one API client, and health and metrics on a port of their own. */
async function guarded(t: TestContext) {
  const sandbox = await startTestSandbox(t);
  const file = join(await temporaryFolder(), 'clients.json');
  const keySha256 = createHash('sha256').update(KEY).digest('hex');
  const clients = [{ name: 'good', keySha256, members: ['TIB'] }];
  await writeFile(file, JSON.stringify({ clients }), { mode: 0o600 });
  const operationsPort = await freePort();
  return {
    operations: `http://127.0.0.1:${operationsPort}`,
    environment: {
      ...environmentOf(sandbox),
      API_CLIENTS_FILE: file,
      OPERATIONS_PORT: String(operationsPort),
    },
  };
}

/** The status of an answer over a connection of its own, from an address of this machine. */
async function statusOf(url: string, headers: Record<string, string> = {}): Promise<number> {
  const request = get(url, { agent: false, localAddress: '127.0.0.1', headers, timeout: 10_000 });
  request.on('timeout', () => request.destroy(new Error(`no answer of ${url}`)));
  const [answer] = await once(request, 'response');
  answer.resume();
  return answer.statusCode;
}

/** Connections that say nothing, opened in the order of the array; the test ends them. */
async function idle(t: TestContext, url: string, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  t.after(() => sockets.forEach((socket) => socket.destroy()));
  while (sockets.length < count) {
    const some = Array.from({ length: Math.min(100, count - sockets.length) }, () =>
      connect({ host: '127.0.0.1', port: Number(new URL(url).port), localAddress: STRANGER }),
    );
    sockets.push(...some);
    await Promise.all(
      some.map(async (socket) => {
        socket.on('error', () => undefined).resume();
        await once(socket, 'connect');
      }),
    );
  }
  return sockets;
}

test('a stranger with 4,200 idle connections keeps out neither a good client nor who watches', async (t) => {
  const { environment, operations } = await guarded(t);
  const { url } = await spawnGateway(t, environment);
  const authorization = `Bearer ${KEY}`;
  const sockets = await idle(t, url, SOCKETS);
  const began = performance.now();
  for (let i = 0; i < 20; i += 1) {
    assert.equal(await statusOf(`${url}/service-hours`, { authorization }), 200);
    assert.equal(await statusOf(`${operations}/health/live`), 200);
    assert.equal(await statusOf(`${operations}/metrics`), 200);
  }
  assert.ok(performance.now() - began < 8_000, 'at once, and not when the idle ones time out');
  const open = sockets.filter((socket) => !socket.closed && !socket.destroyed);
  assert.ok(open.length <= 256, `${open.length} of one address are open`);
  assert.ok(open.length > 0, 'the flood is still going on');
  sockets.forEach((socket) => socket.destroy());
});

test('a connection that has authenticated stays open whatever else its address opens', async (t) => {
  const { environment } = await guarded(t);
  const { url } = await startTestGateway(t, environment);
  const good = connect({
    host: '127.0.0.1',
    port: Number(new URL(url).port),
    localAddress: STRANGER,
  });
  t.after(() => good.destroy());
  const ask = async (): Promise<string> => {
    good.write(`GET /service-hours HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${KEY}\r\n\r\n`);
    const [bytes] = await once(good, 'data');
    return String(bytes);
  };
  assert.match(await ask(), /^HTTP\/1\.1 200 /);
  const sockets = await idle(t, url, 600);
  assert.match(await ask(), /^HTTP\/1\.1 200 /);
  sockets.forEach((socket) => socket.destroy());
});

test('health and metrics are served on the operations port alone, until the end', async (t) => {
  const { environment, operations } = await guarded(t);
  const gateway = await startTestGateway(t, environment);
  for (const path of ['/health/live', '/health/ready', '/health/upstream', '/metrics']) {
    assert.equal(await statusOf(operations + path), 200, path);
    const headers = { authorization: `Bearer ${KEY}` };
    assert.equal(await statusOf(gateway.url + path, headers), 404, path);
  }
  for (const path of ['/service-hours', '/balances', '/docs/', '/nobodys']) {
    const headers = { authorization: `Bearer ${KEY}` };
    assert.equal(await statusOf(operations + path, headers), 404, path);
  }
  await gateway.close();
  await assert.rejects(statusOf(`${operations}/health/live`), /ECONNREFUSED/);
});

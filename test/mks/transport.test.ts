/** Where connections come from and go to, and that there is one for each message. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import test, { type TestContext } from 'node:test';
import type { TLSSocket } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../src/lib/clock.ts';
import { defined } from '../../src/lib/defined.ts';
import { MksError } from '../../src/mks/errors.ts';
import { createTransport, type Transport } from '../../src/mks/transport.ts';
import { makeIdentity } from '../support/identities.ts';
import { jws, message } from '../support/upstream.ts';
import { errorOf, mkk, setUp, STATUS } from './support.ts';

const identity = await makeIdentity('apitest.mkk.com.tr');
const tls = { key: identity.keyPem, cert: identity.certificatePem };

/** A forward proxy that knows only CONNECT, and sends every tunnel to one port. */
async function startProxy(t: TestContext, port: number) {
  const asked: string[] = [];
  const from: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client.on('error', () => undefined));
    from.push(client.remoteAddress);
    client.once('data', (head) => {
      asked.push(head.toString());
      const target = connect(port, '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        target.pipe(client).pipe(target);
      });
      sockets.add(target.on('error', () => undefined));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, asked, from };
}

test('one connection a message, TLS sessions resumed', async (t) => {
  const { upstream, replica } = await setUp(t, { tls });
  const mks = await replica({
    baseUrl: `https://apitest.mkk.com.tr:${upstream.port}`,
    hostAddress: '127.0.0.1',
    ca: identity.certificatePem,
  });
  let resumed = 0;
  upstream.onCall = (received) => (response) => {
    if ((response.socket as TLSSocket).isSessionReused()) resumed += 1;
    response.end(jws(message(received), mkk.privateKey));
  };
  for (let round = 0; round < 5; round += 1) await mks.call(STATUS);
  assert.equal(upstream.connections, 6);
  assert.ok(resumed >= 4, `${resumed} resumed`);
  assert.equal(upstream.calls[0]?.headers.host, `apitest.mkk.com.tr:${upstream.port}`);
});

test('the address to come from is kept, directly and to the proxy', async (t) => {
  const { upstream, replica } = await setUp(t);
  const from: (string | undefined)[] = [];
  upstream.onCall = (received) => (response) => {
    from.push(response.socket?.remoteAddress);
    response.end(jws(message(received), mkk.privateKey));
  };
  const bound = await replica({ egressAddress: '127.0.0.9' });
  await bound.call(STATUS);
  assert.deepEqual(from, ['127.0.0.9']);
  const proxy = await startProxy(t, upstream.port);
  const proxied = await replica({
    egressAddress: '127.0.0.8',
    proxyUrl: `http://127.0.0.1:${proxy.port}`,
  });
  await proxied.call(STATUS);
  assert.deepEqual(new Set(proxy.from), new Set(['127.0.0.8']));
});

test('through a proxy: a tunnel to the host, whose name TLS still checks', async (t) => {
  const { upstream, replica } = await setUp(t, { tls });
  const proxy = await startProxy(t, upstream.port);
  const mks = await replica({
    baseUrl: 'https://apitest.mkk.com.tr',
    proxyUrl: `http://gateway:s%40fe@127.0.0.1:${proxy.port}`,
    ca: identity.certificatePem,
  });
  await mks.call(STATUS);
  const [head = ''] = proxy.asked;
  assert.match(head, /^CONNECT apitest\.mkk\.com\.tr:443 HTTP\/1\.1\r\n/);
  const credentials = Buffer.from('gateway:s@fe').toString('base64');
  assert.match(head, new RegExp(`proxy-authorization: Basic ${credentials}`, 'i'));
  assert.doesNotMatch(head, /Bearer/);
  assert.equal(upstream.calls.length, 1);
  assert.equal(upstream.calls[0]?.headers['proxy-authorization'], undefined);
});

for (const [hostAddress, place] of [
  ['10.1.2.3', '10.1.2.3:443'],
  ['2001:db8::1', '[2001:db8::1]:443'],
] as const) {
  test(`through a proxy: a tunnel to ${hostAddress}, where TLS checks the name`, async (t) => {
    const { upstream, replica } = await setUp(t, { tls });
    const proxy = await startProxy(t, upstream.port);
    const mks = await replica({
      baseUrl: 'https://apitest.mkk.com.tr',
      proxyUrl: `http://127.0.0.1:${proxy.port}`,
      ca: identity.certificatePem,
      hostAddress,
    });
    await mks.call(STATUS);
    assert.equal(proxy.asked[0]?.split(' ')[1], place);
    assert.equal(upstream.calls[0]?.headers.host, 'apitest.mkk.com.tr');
  });
}

test('a path prefix of the base URL is kept', async (t) => {
  const { upstream, replica } = await setUp(t);
  const mks = await replica({ baseUrl: `${upstream.url}/mks/beta` });
  await mks.call(STATUS);
  assert.deepEqual(
    upstream.received.map(({ path }) => path),
    ['/mks/beta/v1/auth', '/mks/beta/v1/reports/async-report-status'],
  );
});

test('100 calls at once, each answered with its own answer', async (t) => {
  const { mks, upstream } = await setUp(t);
  const answers = await Promise.all(Array.from({ length: 100 }, () => mks.call(STATUS)));
  assert.equal(new Set(answers.map((answer) => answer.senderReference)).size, 100);
  assert.equal(upstream.calls.length, 100);
});

/** A message that has a minute's time. */
const post = (transport: Transport, idleTimeoutMs?: number) =>
  transport.post({
    path: '/v1/x',
    headers: {},
    body: Buffer.from('{"requestHeader":{"senderReference":"GW1"}}'),
    deadlineElapsedMs: systemClock.elapsedMs() + 60_000,
    ...defined({ idleTimeoutMs }),
  });

test('a message that fails leaves no deadline running behind', async (t) => {
  const { upstream } = await setUp(t);
  const transport = createTransport({ baseUrl: upstream.url }, systemClock);
  await upstream.close();
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  for (let n = 0; n < 20; n += 1) await assert.rejects(post(transport));
  assert.ok(timers() < before + 10, `${timers()} timers, ${before} before`);
});

test('a file that broke off before it was read on leaves nobody waiting for more of it', async (t) => {
  const { upstream } = await setUp(t);
  const transport = createTransport({ baseUrl: upstream.url }, systemClock);
  upstream.onCall = () => (response) => {
    response.write('{');
    setTimeout(() => response.socket?.resetAndDestroy(), 10);
  };
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  for (let n = 0; n < 20; n += 1) {
    const { body } = await post(transport, 30_000);
    await body.next();
    await sleep(20);
    await assert.rejects(body.next());
  }
  assert.ok(timers() < before + 10, `${timers()} timers, ${before} before`);
});

test('an answer that ends before anybody has read it is nobody else’s failure', async (t) => {
  const { upstream } = await setUp(t);
  const transport = createTransport({ baseUrl: upstream.url }, systemClock);
  upstream.onCall = () => (response) => void response.write('{');
  const cancelled = await post(transport);
  cancelled.cancel();
  upstream.onCall = () => (response) => {
    response.write('{');
    setTimeout(() => response.socket?.resetAndDestroy(), 20);
  };
  const broken = await post(transport);
  // An error that nobody takes would end the process, and this test with it.
  await sleep(100);
  for (const { body } of [cancelled, broken]) await assert.rejects(body.next());
});

test('MKS waits for whoever reads slowly, and what it sent comes whole', async (t) => {
  const { upstream } = await setUp(t);
  const transport = createTransport({ baseUrl: upstream.url }, systemClock);
  // More than the buffers of the two sockets take.
  const bytes = 32 * 1024 * 1024;
  let written = 0;
  upstream.onCall = () => (response) => {
    const more = (): void => {
      while (written < bytes) {
        written += 64 * 1024;
        if (!response.write(Buffer.alloc(64 * 1024, 'x'))) return void response.once('drain', more);
      }
      response.end();
    };
    more();
  };
  const { body } = await post(transport);
  let read = (await body.next()).value?.byteLength ?? 0;
  await sleep(300);
  assert.ok(written < bytes / 2, `${written} bytes were taken in for a reader who reads nothing`);
  for await (const piece of body) read += piece.byteLength;
  assert.equal(read, bytes);
});

test('closing ends what is under way, and says what became of it', async (t) => {
  const { upstream, replica } = await setUp(t);
  const mks = await replica({ requestTimeoutMs: 20_000 });
  const arrived = new Promise<void>((resolve) => {
    upstream.onCall = () => () => resolve();
  });
  const call = errorOf(mks.call(STATUS));
  await arrived;
  const closed = mks.close();
  const outcome = await Promise.race([call, sleep(5_000, undefined, { ref: false })]);
  assert.ok(outcome instanceof MksError);
  assert.deepEqual([outcome.code, outcome.outcome], ['mks-unknown-outcome', 'unknown']);
  await closed;
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { createNoticeSender, signaturesOf } from '../../src/orders/notices.ts';

const SECRET = Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64');

async function serve(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.closeAllConnections());
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("the signature is the one of Standard Webhooks' own example", () => {
  const id = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
  const signature = signaturesOf([SECRET], id, '1614265330', '{"test": 2432232314}');
  assert.equal(signature, 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  const two = signaturesOf([SECRET, Buffer.from('another')], id, '1614265330', '{}');
  assert.equal(two.split(' ').length, 2);
});

test('a redirect is an answer and is not followed; the answer is not read for long', async (t) => {
  const paths: (string | undefined)[] = [];
  const url = await serve(t, (request, response) => {
    paths.push(request.url);
    response.writeHead(307, { location: '/there' }).end('x'.repeat(200_000));
  });
  const sender = createNoticeSender(systemClock);
  t.after(() => sender.close());
  const attempt = await sender.send({ url: `${url}/here`, secrets: [SECRET] }, NOTICE);
  assert.equal(attempt.status, 307);
  assert.deepEqual(paths, ['/here']);
});

test('who cannot be reached, and who breaks off, are told by a word', async (t) => {
  const url = await serve(t, (request) => request.socket.destroy());
  const sender = createNoticeSender(systemClock);
  t.after(() => sender.close());
  const broken = await sender.send({ url, secrets: [SECRET] }, NOTICE);
  assert.equal(broken.status, undefined);
  assert.match(broken.error ?? '', /^(?:UND_ERR_SOCKET|ECONNRESET)$/);
  const nobody = await sender.send({ url: 'http://127.0.0.1:1', secrets: [SECRET] }, NOTICE);
  assert.equal(nobody.error, 'ECONNREFUSED');
});

const NOTICE = { id: 'msg_1', body: '{}' };

/** The security headers: on each answer, however its head is written, and once. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { securedResponse } from '../../src/plugins/security-headers.ts';

type Answer = (response: ServerResponse) => void;

const ways: [name: string, answer: Answer][] = [
  ['all fields with the head', (response) => response.writeHead(200, { 'x-own': 'a' }).end('body')],
  ['fields before it', (response) => response.setHeader('x-own', 'a').end('body')],
  [
    'fields before and with it',
    (response) => response.setHeader('x-own', 'b').writeHead(200, { 'x-own': 'a' }).end(),
  ],
];
for (const [name, answer] of ways) {
  test(`an answer bears them beside its own: ${name}`, async (t) => {
    const { headers } = await ask(t, answer);
    assert.equal(headers['x-content-type-options'], 'nosniff');
    assert.match(String(headers['content-security-policy']), /^default-src 'none'/);
    assert.equal(headers['strict-transport-security'], undefined);
    assert.equal(headers['x-own'], 'a');
  });
}

const POLICY = { 'content-security-policy': "default-src 'self'" };
const owns: [name: string, answer: Answer][] = [
  ['with the head', (response) => response.writeHead(200, POLICY).end()],
  ['before it', (response) => response.setHeaders(new Map(Object.entries(POLICY))).end()],
];
for (const [name, answer] of owns) {
  test(`what an answer says itself wins, and is said once: ${name}`, async (t) => {
    const { rawHeaders } = await ask(t, answer);
    const at = rawHeaders.indexOf('content-security-policy');
    assert.equal(rawHeaders[at + 1], POLICY['content-security-policy']);
    assert.equal(rawHeaders.lastIndexOf('content-security-policy'), at);
  });
}

async function ask(t: TestContext, answer: Answer): Promise<IncomingMessage> {
  const options = { ServerResponse: securedResponse(false) };
  const server = createServer(options, (_request, response) => answer(response)).listen(0);
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const [response] = (await once(get({ port, agent: false }), 'response')) as [IncomingMessage];
  response.resume();
  return response;
}

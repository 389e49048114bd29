/** What a request is on the wire: where it ends, which way it came, and over which TLS. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type SecureVersion } from 'node:tls';
import { test } from 'node:test';
import { filesOf, linesOf } from '../trail/support.ts';
import { startEdge } from '../support/edge.ts';
import { makeIdentity } from '../support/identities.ts';
import { rawExchange } from '../support/raw.ts';

const SMUGGLED = 'GET /balances HTTP/1.1\r\nHost: b\r\n\r\n';
const HEAD = 'POST /balances HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
/** Requests whose end a proxy and a server could see in two places. */
const AMBIGUOUS: Record<string, string> = {
  'a length and chunks': `${HEAD}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  'two lengths': `${HEAD}Content-Length: 0\r\nContent-Length: ${SMUGGLED.length}\r\n\r\n`,
  'a length that is none': `${HEAD}Content-Length: +0\r\n\r\n`,
  'chunks that are not the last coding': `${HEAD}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
  'a chunk whose size is none': `${HEAD}Transfer-Encoding: chunked\r\n\r\n0x0\r\n\r\n`,
  'a header that goes on in the next line': `${HEAD}X-A: b\r\n Content-Length: 0\r\n\r\n`,
  'a space before the colon': `${HEAD}Content-Length : 0\r\n\r\n`,
  'a line that ends without a carriage return': `${HEAD}X-A: b\nTransfer-Encoding: chunked\r\n\r\n`,
};
for (const [name, request] of Object.entries(AMBIGUOUS)) {
  test(`${name}: refused, and what comes behind is no request`, async (t) => {
    const { url } = await startEdge(t);
    const { status, head, body } = await rawExchange(url, [`${request}${SMUGGLED}`]);
    assert.equal(status, 400, head);
    assert.match(head, /^connection: close$/im);
    assert.doesNotMatch(body, /HTTP\/1\.1/, 'one answer alone');
  });
}

test('where a request came from is what its connection says, whatever its headers say', async (t) => {
  const keyDigests = [Buffer.alloc(32, 7)];
  const client = { name: 'desk', keyDigests, members: ['TIB'], operator: false, auditor: false };
  const edge = await startEdge(t, { clients: () => [{ ...client, queueLimit: 1, notices: {} }] });
  const forged = {
    'x-forwarded-for': '192.0.2.9',
    'x-real-ip': '192.0.2.9',
    forwarded: 'for=192.0.2.9',
  };
  const answer = await edge.get('/balances', { authorization: 'Bearer none', ...forged });
  assert.equal(answer.status, 401);
  const denied = filesOf(edge.trailFolder)
    .flatMap(linesOf)
    .find(({ action }) => action === 'denied');
  assert.equal(denied?.['address'], '127.0.0.1');
  assert.ok(!edge.logLines.some((line) => line.includes('192.0.2.9')));
});

test('TLS 1.3 is preferred, 1.2 taken, and nothing older', async (t) => {
  const { keyPem, certificatePem } = await makeIdentity('localhost');
  const { url } = await startEdge(t, { tls: { certificate: certificatePem, key: keyPem } });
  const { port } = new URL(url);
  async function agreed(minVersion: SecureVersion, maxVersion: SecureVersion) {
    const older = maxVersion < 'TLSv1.2' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {};
    const options = { host: '127.0.0.1', servername: 'localhost', ca: certificatePem };
    const socket = connect({ ...options, port: Number(port), minVersion, maxVersion, ...older });
    try {
      await once(socket, 'secureConnect');
      return { version: socket.getProtocol(), cipher: socket.getCipher().name };
    } finally {
      socket.destroy();
    }
  }
  assert.equal((await agreed('TLSv1.2', 'TLSv1.3')).version, 'TLSv1.3');
  const older = await agreed('TLSv1.2', 'TLSv1.2');
  assert.equal(older.version, 'TLSv1.2');
  assert.match(older.cipher, /^ECDHE-.*GCM|CHACHA20/, 'the strongest first');
  for (const version of ['TLSv1', 'TLSv1.1'] as const) {
    await assert.rejects(agreed(version, version), { code: /ALERT_PROTOCOL_VERSION/ });
  }
});

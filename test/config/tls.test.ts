/** The serving certificate: usable as it is read, or a mistake that names the file. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type TLSSocket } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { createFindings } from '../../src/config/findings.ts';
import { readTlsFiles } from '../../src/config/tls.ts';
import {
  clock,
  createFolder,
  identity,
  makeIdentity,
  otherIdentity,
  type Folder,
} from './support.ts';

function read(folder: Folder, certificate: string | Buffer, key: string) {
  const findings = createFindings();
  const files = {
    certificateFile: folder.write('tls.pem', certificate),
    keyFile: folder.write('tls.key', key),
  };
  const found = readTlsFiles(files, clock, findings);
  return { found, mistakes: findings.mistakes.map(({ en }) => en) };
}

test('what is read serves TLS, with the whole chain as it stands in its file', async (t) => {
  const chain = `${identity.pem}\n${otherIdentity.pem}\n`;
  const { found, mistakes } = read(createFolder(t), chain, identity.keyPem);
  assert.deepEqual(mistakes, []);
  assert.equal(found?.certificate, chain);
  const server = createServer({ cert: found.certificate, key: found.key }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket: TLSSocket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  t.after(() => socket.destroy());
  await once(socket, 'secureConnect');
  assert.deepEqual(socket.getPeerCertificate(true).raw, identity.der);
});

test('a key of another certificate, no certificate and no key are told, each by its variable', (t) => {
  const folder = createFolder(t);
  const cases: [certificate: string, key: string, variables: string[]][] = [
    [identity.pem, otherIdentity.keyPem, ['TLS_CERTIFICATE_FILE']],
    ['no certificate', identity.keyPem, ['TLS_CERTIFICATE_FILE']],
    [identity.pem, 'no key', ['TLS_KEY_FILE']],
    ['no certificate', 'no key', ['TLS_CERTIFICATE_FILE', 'TLS_KEY_FILE']],
  ];
  for (const [certificate, key, variables] of cases) {
    const { found, mistakes } = read(folder, certificate, key);
    assert.equal(found, undefined);
    assert.deepEqual(
      mistakes.map((mistake) => mistake.split(':')[0]),
      variables,
      mistakes.join(),
    );
    assert.ok(!mistakes.join().includes('no key'));
  }
});

test('one that has ended, or has not begun, is a mistake', async (t) => {
  const folder = createFolder(t);
  for (const [from, to] of [
    [-30, -1],
    [1, 30],
  ] as const) {
    const { pem, keyPem } = await makeIdentity(2048, from, to);
    assert.match(read(folder, pem, keyPem).mistakes.join(), /^TLS_CERTIFICATE_FILE: /);
  }
});

test('what OpenSSL thinks too weak to serve with is found before anybody connects', async (t) => {
  const { pem, keyPem } = await makeIdentity(1024);
  const { found, mistakes } = read(createFolder(t), pem, keyPem);
  assert.equal(found, undefined);
  assert.match(mistakes.join(), /^TLS_CERTIFICATE_FILE: /);
});

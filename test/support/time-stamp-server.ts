/** A time stamp authority that is not ours: openssl's, behind the few lines of HTTP that it leaves out. */
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from './folder.ts';

type After = { after: (end: () => unknown) => unknown };

export const openssl = (cwd: string, args: readonly string[]) =>
  promisify(execFile)('openssl', [...args], { cwd });

export interface Authority {
  folder: string;
  /** PEM of the authority that vouches for the stamps. */
  caFile: string;
  ca: X509Certificate;
  /** What openssl answers to a question, DER both. */
  reply(question: Buffer): Promise<Buffer>;
}

const EXTENSIONS = `[leaf]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
[stamping]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
`;

const settings = (digests: string): string => `[tsa]
default_tsa = ours
[ours]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
certs = ca.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = ${digests}
accuracy = secs:1
tsa_name = yes
ess_cert_id_alg = sha256
`;

/** Makes a key with a certificate of the authority's in the folder. */
export async function issue(folder: string, name: string, section: string, key = 'rsa:2048') {
  const newKey = key.startsWith('ec')
    ? ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256']
    : ['-newkey', key];
  const subject = ['-subj', `/O=Test/CN=${name}`];
  const request = ['-nodes', '-keyout', `${name}.key`, '-out', `${name}.csr`];
  await openssl(folder, ['req', ...newKey, ...request, ...subject]);
  const by = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '30'];
  const extensions = ['-extfile', 'extensions', '-extensions', section];
  const out = ['-in', `${name}.csr`, '-out', `${name}.pem`];
  await openssl(folder, ['x509', '-req', ...out, ...by, ...extensions]);
}

/**
 * @param key of the one that stamps: `rsa:2048`, `ec`.
 * @param digests that it takes: it refuses others.
 */
export async function makeAuthority({ key = 'rsa:2048', digests = 'sha256' } = {}) {
  const folder = await temporaryFolder();
  const caFile = join(folder, 'ca.pem');
  const files = ['-keyout', 'ca.key', '-out', 'ca.pem', '-days', '30'];
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  await openssl(folder, ['req', '-x509', ...newKey, ...files, '-subj', '/CN=Test authority']);
  writeFileSync(join(folder, 'extensions'), EXTENSIONS);
  writeFileSync(join(folder, 'settings'), settings(digests));
  writeFileSync(join(folder, 'serial'), '01\n');
  await issue(folder, 'tsa', 'stamping', key);
  let count = 0;
  return {
    folder,
    caFile,
    ca: new X509Certificate(readFileSync(caFile)),
    async reply(question) {
      count += 1;
      const [asked, answer] = [`${count}.tsq`, `${count}.tsr`];
      writeFileSync(join(folder, asked), question);
      const from = ['-config', 'settings', '-section', 'ours', '-queryfile', asked];
      await openssl(folder, ['ts', '-reply', ...from, '-out', answer]);
      return readFileSync(join(folder, answer));
    },
  } satisfies Authority;
}

export interface StampServer extends Authority {
  url: string;
  /** Questions that came. */
  asked: number;
  /** What to do in place of answering. */
  instead?: ((response: ServerResponse) => void) | undefined;
}

/** Serves an authority by RFC 3161 §3.4. */
export async function startStampServer(
  t: After,
  authority: Authority,
  tls?: { key: string; cert: string },
): Promise<StampServer> {
  const listener = (request: IncomingMessage, response: ServerResponse): void =>
    void answer(request, response).catch(() => response.destroy());
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  const served: StampServer = { ...authority, url: '', asked: 0 };
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces = await Array.fromAsync(request as AsyncIterable<Buffer>);
    served.asked += 1;
    if (served.instead !== undefined) return served.instead(response);
    const reply = await authority.reply(Buffer.concat(pieces));
    response.writeHead(200, { 'content-type': 'application/timestamp-reply' }).end(reply);
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const scheme = tls === undefined ? 'http' : 'https';
  served.url = `${scheme}://localhost:${(server.address() as AddressInfo).port}/tsa`;
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  return served;
}

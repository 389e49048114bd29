/** The edge speaks TLS itself when it is given a certificate. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startEdge } from '../support/edge.ts';

test('serves HTTPS and asks browsers to insist on it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'edge-tls-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [keyFile, certificateFile] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const options = `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 -keyout ${keyFile} -out ${certificateFile}`;
  execFileSync('openssl', options.split(' '), { stdio: 'ignore' });
  const tls = {
    certificate: readFileSync(certificateFile, 'utf8'),
    key: readFileSync(keyFile, 'utf8'),
  };
  const { url } = await startEdge(t, { tls });
  assert.match(url, /^https:/);
  const headers = await new Promise<Record<string, unknown>>((resolve, reject) => {
    const call = request(`${url}/health/live`, { ca: tls.certificate, agent: false }, (answer) => {
      answer.resume();
      resolve(answer.headers);
    });
    call.on('error', reject);
    call.end();
  });
  assert.match(String(headers['strict-transport-security']), /max-age=/);
});

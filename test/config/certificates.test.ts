/** What is warned of in a certificate that is good all the same, and what TLS files are refused for. */
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import assert from 'node:assert/strict';
import { webcrypto, X509Certificate } from 'node:crypto';
import { test } from 'node:test';
import { adviseOnCertificate, checkCertificate } from '../../src/config/certificates.ts';
import { createFindings } from '../../src/config/findings.ts';
import { clock, identity, NOW, otherIdentity } from './support.ts';

const algorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: new Uint8Array([1, 0, 1]),
};

async function certificateOf(name: string, isAuthority: boolean): Promise<X509Certificate> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    signingAlgorithm: algorithm,
    notBefore: new Date(NOW),
    notAfter: new Date(NOW + 86_400_000),
    extensions: [new x509.BasicConstraintsExtension(isAuthority, undefined, true)],
  });
  return new X509Certificate(made.toString('pem'));
}

async function warningsFor(name: string, isAuthority: boolean): Promise<string[]> {
  const findings = createFindings();
  const certificate = await certificateOf(name, isAuthority);
  adviseOnCertificate(certificate, 'TIB', findings.variable('F').at('certificateFile'));
  assert.deepEqual(findings.mistakes, []);
  assert.ok(findings.warnings.every(({ about, en, tr }) => about === 'certificate' && en !== tr));
  return findings.warnings.map(({ en }) => en);
}

test('a certificate by MKK’s rules, or without an O, has no warning', async () => {
  assert.deepEqual(await warningsFor('C=TR,O=TIB,CN=Title', false), []);
  assert.deepEqual(await warningsFor('CN=Title', false), []);
});

test('an O that is no member code, and an authority’s certificate, are warned of', async () => {
  const [other, ...more] = await warningsFor('C=TR,O=TIBX,CN=Title', false);
  assert.match(other ?? '', /^F: certificateFile: names O=TIBX .* member code TIB$/);
  assert.deepEqual(more, []);
  const [authority] = await warningsFor('C=TR,O=TIB,CN=Title', true);
  assert.match(authority ?? '', /authority/);
});

test('a certificate is in force from its first millisecond to before its last', () => {
  const certificate = new X509Certificate(identity.pem);
  const [from, to] = [certificate.validFromDate.getTime(), certificate.validToDate.getTime()];
  const mistakesAt = (instantMs: number): number => {
    const findings = createFindings();
    checkCertificate(certificate, identity.key, findings.variable('F'), instantMs);
    return findings.mistakes.length;
  };
  assert.deepEqual([from - 1, from, to - 1, to].map(mistakesAt), [1, 0, 0, 1]);
  const findings = createFindings();
  checkCertificate(certificate, otherIdentity.key, findings.variable('F'), clock.now());
  assert.match(findings.mistakes[0]?.tr ?? '', /anahtara ait değil/);
});

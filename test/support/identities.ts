/** Keys and self-signed certificates for tests (RFC 5280 §4.1, by hand). */
import { createPublicKey, randomBytes, sign, X509Certificate, type KeyObject } from 'node:crypto';
import type { Signer } from '../../src/lib/credentials.ts';
import { keySigner } from '../../src/lib/key-signer.ts';
import { rsaKey, SMALL_KEY_BITS } from './shared-keys.ts';

export interface TestIdentity {
  privateKey: KeyObject;
  signer: Signer;
  certificate: X509Certificate;
  keyPem: string;
  certificatePem: string;
}

const DAY_MS = 86_400_000;
const SHA256_WITH_RSA = sequence(der(0x06, '2a864886f70d01010b'), der(0x05, ''));

/** An RSA key with a certificate that is good for TLS under the given name. */
export async function makeIdentity(
  dnsName = 'test.invalid',
  bits = SMALL_KEY_BITS,
): Promise<TestIdentity> {
  const privateKey = await rsaKey(bits);
  const certificate = await makeCertificate(
    createPublicKey(privateKey),
    (bytes) => sign('sha256', bytes, privateKey),
    dnsName,
  );
  return {
    privateKey,
    signer: keySigner(privateKey),
    certificate,
    keyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificatePem: certificate.toString(),
  };
}

/**
 * A certificate of a public key, signed by whoever has the private one.
 * @param signBytes gives SHA-256 with RSA over what it is given.
 */
export async function makeCertificate(
  publicKey: KeyObject,
  signBytes: (bytes: Buffer) => Buffer | Promise<Buffer>,
  dnsName = 'test.invalid',
): Promise<X509Certificate> {
  // commonName, then subjectAltName as the only extension.
  const name = sequence(der(0x31, sequence(der(0x06, '550403'), der(0x0c, Buffer.from(dnsName)))));
  const alternativeName = der(0x04, sequence(der(0x82, Buffer.from(dnsName))));
  const extension = sequence(der(0x06, '551d11'), alternativeName);
  const toBeSigned = sequence(
    der(0xa0, der(0x02, '02')),
    der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    SHA256_WITH_RSA,
    name,
    sequence(time(Date.now() - DAY_MS), time(Date.now() + 300 * DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(extension)),
  );
  const signature = Buffer.concat([Buffer.from([0]), await signBytes(toBeSigned)]);
  return new X509Certificate(sequence(toBeSigned, SHA256_WITH_RSA, der(0x03, signature)));
}

function sequence(...parts: Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

/** Tag, length, content (X.690); content as bytes or hexadecimal digits. */
function der(tag: number, content: Buffer | string): Buffer {
  const bytes = typeof content === 'string' ? Buffer.from(content, 'hex') : content;
  const length =
    bytes.length < 0x80
      ? Buffer.from([bytes.length])
      : Buffer.from([0x82, bytes.length >> 8, bytes.length & 0xff]);
  return Buffer.concat([Buffer.from([tag]), length, bytes]);
}

/** GeneralizedTime: YYYYMMDDHHMMSSZ. */
function time(instantMs: number): Buffer {
  const digits = new Date(instantMs).toISOString().slice(0, 19).replaceAll(/\D/g, '');
  return der(0x18, Buffer.from(`${digits}Z`));
}

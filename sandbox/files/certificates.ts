/** Makes keys and certificates: members' and MKK's for signing, an authority and its certificate for TLS. */
// @peculiar/x509 asks for it, and for it to come first.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { KeyObject, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

/** A key and its certificate, both as PEM. */
export interface PemPair {
  key: string;
  certificate: string;
}

export interface Subject {
  commonName: string;
  organisation: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const VALID_DAYS = 700;

const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  publicExponent: new Uint8Array([1, 0, 1]),
};
const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** An RSA key and a self-signed certificate by MKK's rules but for the key's size, 4096 bits (MKS 3.1). */
export async function makeSigningPair(subject: Subject, keyBits: number): Promise<PemPair> {
  const algorithm = { ...RSA, modulusLength: keyBits };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...commonFields(subject),
    signingAlgorithm: algorithm,
    keys,
    extensions: [new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true)],
  });
  return toPem(keys, certificate);
}

/** An authority that signs the TLS certificate and nothing else. */
export async function makeAuthority(): Promise<PemPair> {
  const keys = await webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...commonFields({ commonName: 'MKS sandbox CA', organisation: 'MKS sandbox' }),
    signingAlgorithm: ECDSA,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return toPem(keys, certificate);
}

/** A TLS server's key and certificate for these DNS names and IP addresses, issued by the authority. */
export async function makeTlsPair(authority: PemPair, names: readonly string[]): Promise<PemPair> {
  const keys = await webcrypto.subtle.generateKey(ECDSA, true, ['sign', 'verify']);
  const issuer = new x509.X509Certificate(authority.certificate);
  const subject = { commonName: 'MKS sandbox', organisation: 'MKS sandbox' };
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    ...validity(),
    subject: nameOf(subject),
    issuer: issuer.subjectName,
    signingAlgorithm: ECDSA,
    signingKey: await importAuthorityKey(authority.key),
    publicKey: keys.publicKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
      ),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
    ],
  });
  return toPem(keys, certificate);
}

function commonFields(subject: Subject) {
  return { serialNumber: serialNumber(), ...validity(), name: nameOf(subject) };
}

function nameOf({ commonName, organisation }: Subject): x509.Name {
  return new x509.Name([
    { C: [{ printableString: 'TR' }] },
    { O: [{ utf8String: organisation }] },
    { CN: [{ utf8String: commonName }] },
  ]);
}

function validity(): { notBefore: Date; notAfter: Date } {
  // Certificates count in whole seconds, and another machine's clock may be a little behind.
  const notBefore = new Date(Math.floor(Date.now() / 1000 - 60) * 1000);
  return { notBefore, notAfter: new Date(notBefore.getTime() + VALID_DAYS * DAY_MS) };
}

function serialNumber(): string {
  // A first byte of 0x40 keeps the number positive and its length fixed.
  return `40${randomBytes(15).toString('hex')}`;
}

function importAuthorityKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = x509.PemConverter.decodeFirst(pem);
  return webcrypto.subtle.importKey('pkcs8', der, ECDSA, false, ['sign']);
}

function toPem(keys: webcrypto.CryptoKeyPair, certificate: x509.X509Certificate): PemPair {
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' });
  return { key: String(key), certificate: `${certificate.toString('pem')}\n` };
}

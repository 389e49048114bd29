/** Certificates and private keys: ours for TLS, the members' for signing, MKK's that we trust. */
import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto';
import { toIstanbulTimestamp } from '../lib/dates.ts';
import type { Place } from './findings.ts';
import { readBytes, readText } from './files.ts';

/** RSA 2048 is the least that MKK's own signatures show and that RS256 calls for (RFC 7518 §3.3). */
const LEAST_RSA_BITS = 2048;
const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** Reads one certificate, PEM or DER. */
export function readCertificate(path: string, place: Place): X509Certificate | undefined {
  const bytes = readBytes(path, place, { secret: false });
  if (bytes === undefined) return undefined;
  const certificate = parseCertificate(bytes);
  if (certificate === undefined) place.mistake(`${path} is no certificate in PEM or DER`);
  return certificate;
}

/** Reads every certificate of a PEM file, at least one. */
export function readCertificates(path: string, place: Place): X509Certificate[] | undefined {
  const text = readText(path, place, { secret: false });
  if (text === undefined) return undefined;
  const parsed = (text.match(PEM_CERTIFICATE) ?? []).map((pem) => parseCertificate(pem));
  if (parsed.length === 0) {
    place.mistake(`${path} holds no certificate in PEM`);
    return undefined;
  }
  const certificates = parsed.filter((certificate) => certificate !== undefined);
  if (certificates.length === parsed.length) return certificates;
  place.mistake(`${path}: certificate ${parsed.indexOf(undefined) + 1} cannot be read`);
  return undefined;
}

/** MKK's response-signing certificates: RSA of 2048 bits or more, at least one of them in force. */
export function readTrustedCertificates(
  path: string,
  place: Place,
  nowMs: number,
): X509Certificate[] | undefined {
  const certificates = readCertificates(path, place);
  if (certificates === undefined) return undefined;
  const expired = certificates.filter(({ validToDate }) => validToDate.getTime() <= nowMs);
  for (const [index, certificate] of certificates.entries()) {
    const fault = rsaFault(certificate.publicKey);
    if (fault !== undefined) place.mistake(`${path}: certificate ${index + 1} ${fault}`);
  }
  if (expired.length === certificates.length) {
    place.mistake(`${path}: every certificate has expired`);
  } else if (expired.length > 0) {
    place.warning(`${path}: ${expired.length} of ${certificates.length} certificates have expired`);
  }
  return certificates;
}

/** Reads an RSA private key to sign with (MKS 3.1), PEM in PKCS #1 or PKCS #8. */
export function readSigningKey(
  path: string,
  place: Place,
  passphrase?: string,
): KeyObject | undefined {
  const key = readPrivateKey(path, place, passphrase);
  const fault = key === undefined ? undefined : rsaFault(key);
  if (fault === undefined) return key;
  place.mistake(`${path} ${fault}`);
  return undefined;
}

/** Reads a private key of any kind, PEM. */
export function readPrivateKey(
  path: string,
  place: Place,
  passphrase?: string,
): KeyObject | undefined {
  const bytes = readBytes(path, place, { secret: true });
  if (bytes === undefined) return undefined;
  try {
    return createPrivateKey({
      key: bytes,
      format: 'pem',
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch {
    place.mistake(`${path} ${keyFault(bytes, passphrase)}`);
    return undefined;
  }
}

/** Notes what keeps the certificate from serving with this key at this instant. */
export function checkCertificate(
  certificate: X509Certificate,
  key: KeyObject | undefined,
  place: Place,
  fromMs: number,
): void {
  const { validFromDate, validToDate } = certificate;
  if (key !== undefined && !certificate.checkPrivateKey(key)) {
    place.mistake('the certificate does not belong to the key');
  }
  if (validToDate.getTime() <= fromMs) {
    place.mistake(`the certificate expired at ${toIstanbulTimestamp(validToDate.getTime())}`);
  }
  if (validFromDate.getTime() > fromMs) {
    const from = toIstanbulTimestamp(validFromDate.getTime());
    place.mistake(`the certificate is not valid before ${from}`);
  }
}

function parseCertificate(bytes: Buffer | string): X509Certificate | undefined {
  try {
    return new X509Certificate(bytes);
  } catch {
    return undefined;
  }
}

function rsaFault(key: KeyObject): string | undefined {
  if (key.asymmetricKeyType !== 'rsa') return 'is not an RSA key';
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return bits < LEAST_RSA_BITS
    ? `is an RSA key of ${bits} bits; at least ${LEAST_RSA_BITS} are needed`
    : undefined;
}

function keyFault(bytes: Buffer, passphrase: string | undefined): string {
  if (!bytes.includes('ENCRYPTED')) return 'is no private key in PEM';
  return passphrase === undefined
    ? 'is encrypted and needs a passphrase'
    : 'does not open with the passphrase';
}

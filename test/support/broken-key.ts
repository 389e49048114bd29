import { X509Certificate } from 'node:crypto';

/** @returns the certificate with a key that cannot be read; everything else of it can. */
export function withBrokenKey({ raw, publicKey }: X509Certificate): X509Certificate {
  const bytes = Buffer.from(raw);
  // The sequence of modulus and exponent becomes a set.
  bytes[bytes.indexOf(publicKey.export({ type: 'pkcs1', format: 'der' }))] = 0x31;
  return new X509Certificate(bytes);
}

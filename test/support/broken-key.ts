import type { X509Certificate } from 'node:crypto';

/** @returns the certificate (DER) with a key that cannot be read; everything else of it can. */
export function withBrokenKey({ raw, publicKey }: X509Certificate): Buffer<ArrayBuffer> {
  const bytes = Buffer.from(raw);
  // The sequence of modulus and exponent becomes a set.
  bytes[bytes.indexOf(publicKey.export({ type: 'pkcs1', format: 'der' }))] = 0x31;
  return bytes;
}

/** The same in PEM. */
export function withBrokenKeyPem(certificate: X509Certificate): string {
  const lines =
    withBrokenKey(certificate)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

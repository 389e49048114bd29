/** The keys that answers are checked with: those of MKK's pinned certificates and no others. */
import type { KeyObject, X509Certificate } from 'node:crypto';
import type { Credentials } from '../lib/credentials.ts';

// Reading the key out of a certificate, and jose's conversion of it, happen once per certificate.
const publicKeys = new WeakMap<X509Certificate, KeyObject>();

/** The public keys of all trusted certificates, in their order; any of them may have signed. */
export function pinnedKeys(credentials: Credentials): KeyObject[] {
  return credentials.trustedCertificates.map((certificate) => {
    let key = publicKeys.get(certificate);
    if (key === undefined) {
      key = certificate.publicKey;
      publicKeys.set(certificate, key);
    }
    return key;
  });
}

/** The key of a certificate that a stranger may have changed. */
import type { KeyObject, X509Certificate } from 'node:crypto';

/** Node reads the key only when it is asked for. @returns undefined when it is none that can be read. */
export function keyOf(certificate: X509Certificate): KeyObject | undefined {
  try {
    return certificate.publicKey;
  } catch {
    return undefined;
  }
}

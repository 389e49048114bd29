/** The certificate and key that the gateway serves HTTPS with. */
import { createSecureContext } from 'node:tls';
import type { Clock } from '../lib/clock.ts';
import { checkCertificate, readCertificates, readPrivateKey } from './certificates.ts';
import { readText } from './files.ts';
import type { Findings } from './findings.ts';

/** Absolute paths. */
export interface TlsFiles {
  certificateFile: string;
  keyFile: string;
}

/** PEM texts: the chain as it stands in its file, and the key of its first certificate. */
export interface TlsIdentity {
  certificate: string;
  key: string;
}

/** Reads what TLS_CERTIFICATE_FILE and TLS_KEY_FILE name; undefined when a mistake was noted. */
export function readTlsFiles(
  { certificateFile, keyFile }: TlsFiles,
  clock: Clock,
  findings: Findings,
): TlsIdentity | undefined {
  const place = findings.variable('TLS_CERTIFICATE_FILE');
  const [first] = readCertificates(certificateFile, place) ?? [];
  const privateKey = readPrivateKey(keyFile, findings.variable('TLS_KEY_FILE'));
  if (first !== undefined) checkCertificate(first, privateKey, place, clock.now());
  const certificate =
    first === undefined ? undefined : readText(certificateFile, place, { secret: false });
  if (certificate === undefined || privateKey === undefined) return undefined;
  if (!first?.checkPrivateKey(privateKey)) return undefined;
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  try {
    createSecureContext({ cert: certificate, key });
  } catch (error) {
    // OpenSSL refuses what is too weak, and says so in a code.
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    place.mistake(`TLS cannot be served with it (${code})`, `bununla TLS sunulamıyor (${code})`);
    return undefined;
  }
  return { certificate, key };
}

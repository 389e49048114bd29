/**
 * The evidence file: one exchange with MKS, MKK's signed answer as received, and MKK's certificates.
 *
 * What MKK's signature covers proves itself. The rest (time, digest of the request) is the gateway's
 * own record; the file's checksum tells that none of it was changed by accident or by a careless hand.
 */
import { createHash, X509Certificate } from 'node:crypto';

export const FORMAT = 'mks-gateway evidence 1';

/** What the gateway's journal tells of an exchange. */
export interface Exchange {
  time: string;
  member: string;
  client?: string;
  service: string;
  refId?: string;
  senderReference: string;
  messageId?: string;
  httpStatus?: number;
  code?: string;
  durationMs: number;
  outcome: string;
  requestDigest: string;
  answer?: string;
  count: number;
  lastTime: string;
}

export interface CertificateRecord {
  pem: string;
  /** SHA-256 of the DER, `AA:BB:…`. */
  fingerprint: string;
  subject: string;
  validFrom: string;
  validTo: string;
}

/** Why it is not proved; the texts are in texts.ts. */
export type Fault =
  | 'not-evidence'
  | 'altered'
  | 'no-jws'
  | 'algorithm'
  | 'signature'
  | 'not-json'
  | 'reference'
  | 'details'
  | 'certificates'
  /** Of a check alone: the signed answer's refId, its breaks, its counts, and the files that were given beside it. */
  | 'refId'
  | 'breaks'
  | 'counts'
  | 'ledger'
  | 'rows';

export type Verdict =
  | { proved: false; fault: Fault }
  | {
      proved: true;
      /** The JWS header's `alg`. */
      algorithm: string;
      /** Of the certificate whose key made the signature. */
      fingerprint: string;
      /** From the signed answer itself. */
      senderReference: string;
      messageId?: string;
      code?: string;
      refId?: string;
    };

export interface Evidence {
  format: typeof FORMAT;
  madeAt: string;
  exchange: Omit<Exchange, 'answer' | 'requestDigest'>;
  request: { sha256: string };
  answer: { jws: string; sha256: string };
  certificates: CertificateRecord[];
  verdict: Verdict;
  /** Of the file's other members. */
  sha256: string;
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** SHA-256 over the members in their order, without white space, the checksum itself left out. */
export function checksumOf(evidence: Omit<Evidence, 'sha256'> & { sha256?: unknown }): string {
  return sha256(JSON.stringify({ ...evidence, sha256: undefined }));
}

/**
 * Every certificate of a PEM text.
 * @throws Error when there is none or one cannot be read.
 */
export function readCertificates(pem: string): X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new Error('no certificate');
  return blocks.map((block) => new X509Certificate(block));
}

export function certificateRecord(certificate: X509Certificate): CertificateRecord {
  return {
    pem: certificate.toString(),
    fingerprint: certificate.fingerprint256,
    subject: certificate.subject.replaceAll('\n', ', '),
    validFrom: certificate.validFromDate.toISOString(),
    validTo: certificate.validToDate.toISOString(),
  };
}

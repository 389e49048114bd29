/** What the environment says of the access trail. */
import type { X509Certificate } from 'node:crypto';
import { defined } from '../lib/defined.ts';
import { checkStampUrl } from './addresses.ts';
import { readCertificates } from './certificates.ts';
import type { Environment } from './environment.ts';
import type { Findings } from './findings.ts';

export interface TrailConfig {
  /** Whole days; 0: for ever. */
  retentionDays: number;
  /** Who stamps its checkpoints (RFC 3161). */
  stampSource?: {
    url: string;
    /** PEM text: authorities that TLS trusts besides the usual ones. */
    ca?: string;
    /** Who may vouch for stamps; absent: whoever answers under `url`. */
    trusted?: readonly X509Certificate[];
  };
}

export function readTrail(raw: Environment, findings: Findings): TrailConfig {
  const stampSource = readStampSource(raw, findings);
  return { retentionDays: raw.TRAIL_RETENTION_DAYS, ...defined({ stampSource }) };
}

function readStampSource(raw: Environment, findings: Findings): TrailConfig['stampSource'] {
  const { TRAIL_TIMESTAMP_URL: text, TRAIL_TIMESTAMP_CA_FILE: caFile } = raw;
  const caPlace = findings.variable('TRAIL_TIMESTAMP_CA_FILE');
  if (text === undefined) {
    if (caFile !== undefined) {
      caPlace.mistake(
        'says who may stamp, and TRAIL_TIMESTAMP_URL is not set',
        'kimin damgalayabileceğini söylüyor, TRAIL_TIMESTAMP_URL ise verilmemiş',
      );
    }
    return undefined;
  }
  const trusted = caFile === undefined ? undefined : readCertificates(caFile, caPlace);
  const place = findings.variable('TRAIL_TIMESTAMP_URL');
  const url = checkStampUrl(text, place, caFile !== undefined);
  return url === undefined ? undefined : { url, ...defined({ trusted, ca: trusted?.join('') }) };
}

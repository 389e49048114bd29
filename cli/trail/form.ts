/** The form of the trail as docs/en/trail.md tells it, with none of the gateway's code: a second reading. */
import { createHash, verify, X509Certificate } from 'node:crypto';
import { keyOf } from '../certificate-key.ts';

export interface TrailLine extends Record<string, unknown> {
  number: number;
  time: string;
  before: string;
  action: string;
}

/** A line of a chain, as something else says that it was. */
export interface Head {
  chain: string;
  number: number;
  digest: string;
}

export function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

/** JSON in the canonical form of RFC 8785, for what the trail holds: no fractions. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const names = Object.keys(value).toSorted();
  const members = names.map(
    (name) => `${JSON.stringify(name)}:${canonical((value as Record<string, unknown>)[name])}`,
  );
  return `{${members.join(',')}}`;
}

/** Undefined for a text that is no line of a trail, or not in its one form. */
export function readLine(text: string): TrailLine | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || canonical(value) !== text) return undefined;
  const { number, time, before, action } = value as Partial<TrailLine>;
  const isLine =
    Number.isSafeInteger(number) &&
    [time, before, action].every((each) => typeof each === 'string');
  return isLine ? (value as TrailLine) : undefined;
}

export type Checkpoint = { head: Head; fingerprint: string; subject: string } | 'bad' | 'foreign';

const TYPE = 'mks-trail-checkpoint+jws';

/**
 * Checks a compact JWS (RFC 7515 §5.2), RS256 alone.
 * @param trusted believe these alone; without them the certificate that came with it is taken.
 * @returns `bad`: no signature of its certificate; `foreign`: a good one, but of none that is trusted.
 */
export function readCheckpoint(
  jws: string,
  own: X509Certificate | undefined,
  trusted: readonly X509Certificate[] | undefined,
): Checkpoint {
  const parts = jws.split('.');
  const [header = '', payload = '', signature = ''] = parts;
  const candidates = [...(own === undefined ? [] : [own]), ...(trusted ?? [])];
  const signer = candidates.find((certificate) => {
    const key = keyOf(certificate);
    if (key?.asymmetricKeyType !== 'rsa') return false;
    const input = Buffer.from(`${header}.${payload}`);
    return verify('sha256', input, key, Buffer.from(signature, 'base64url'));
  });
  if (signer === undefined || parts.length !== 3) return 'bad';
  const isTrusted = trusted?.some(({ fingerprint256 }) => fingerprint256 === signer.fingerprint256);
  if (isTrusted === false) return 'foreign';
  try {
    const { alg, typ } = JSON.parse(Buffer.from(header, 'base64url').toString()) as {
      alg?: string;
      typ?: string;
    };
    const { chain, number, digest } = JSON.parse(
      Buffer.from(payload, 'base64url').toString(),
    ) as Head;
    if (alg !== 'RS256' || typ !== TYPE) return 'bad';
    const { fingerprint256: fingerprint, subject } = signer;
    return { head: { chain, number, digest }, fingerprint, subject };
  } catch {
    return 'bad';
  }
}

/** The certificate that a checkpoint's line bears. */
export function certificateOf(base64: unknown): X509Certificate | undefined {
  try {
    return new X509Certificate(Buffer.from(String(base64), 'base64'));
  } catch {
    return undefined;
  }
}

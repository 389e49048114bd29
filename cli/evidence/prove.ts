/**
 * Proves an evidence file with node:crypto alone: no gateway, no Redis, none of the gateway's code.
 *
 * A second reading of RFC 7515 §5.2 beside the gateway's own, so that one misreading cannot hide.
 */
import { constants, verify, X509Certificate } from 'node:crypto';
import { keyOf } from '../certificate-key.ts';
import { defined } from '../../src/lib/defined.ts';
import { checksumOf, FORMAT, sha256, type Evidence, type Fault, type Verdict } from './document.ts';

/** RSA with SHA-256 or above (MKS 3): the hash, and whether the padding is PSS. */
const ALGORITHMS: Readonly<Record<string, { hash: string; pss: boolean }>> = {
  RS256: { hash: 'sha256', pss: false },
  RS384: { hash: 'sha384', pss: false },
  RS512: { hash: 'sha512', pss: false },
  PS256: { hash: 'sha256', pss: true },
  PS384: { hash: 'sha384', pss: true },
  PS512: { hash: 'sha512', pss: true },
};
const LEAST_KEY_BITS = 2048;

/**
 * Proves that the answer was signed with one of the certificates and that it answers the reference.
 * @param jws as received.
 */
export function proveAnswer(
  jws: string,
  certificates: readonly X509Certificate[],
  senderReference: string,
): Verdict {
  const [header = '', payload = '', signature = '', ...more] = jws.split('.');
  const head = objectOf(header);
  if (more.length > 0 || signature === '' || head === undefined) return fault('no-jws');
  // Both would change what is signed.
  if ('crit' in head || 'b64' in head) return fault('no-jws');
  const { alg } = head;
  const algorithm = typeof alg === 'string' ? ALGORITHMS[alg] : undefined;
  if (typeof alg !== 'string' || algorithm === undefined) return fault('algorithm');
  const signer = certificates.find((certificate) =>
    isSignedBy(certificate, algorithm, `${header}.${payload}`, signature),
  );
  if (signer === undefined) return fault('signature');
  const message = objectOf(payload);
  if (message === undefined) return fault('not-json');
  const responseHeader = asObject(message['responseHeader']);
  if (responseHeader['senderReference'] !== senderReference) return fault('reference');
  const messageId = scalar(responseHeader['messageId']);
  const code =
    scalar(asObject(message['response'])['responseCode']) ?? scalar(message['responseCode']);
  return {
    proved: true,
    algorithm: alg,
    fingerprint: signer.fingerprint256,
    senderReference,
    ...defined({ messageId, code, refId: scalar(message['refId']) }),
  };
}

/**
 * Proves an evidence file.
 * @param text the file.
 * @param trusted the only certificates to believe, if the reader has them from elsewhere.
 */
export function proveFile(
  text: string,
  trusted?: readonly X509Certificate[],
): { verdict: Verdict; evidence?: Evidence } {
  const evidence = parseEvidence(text);
  if (evidence === undefined) return { verdict: fault('not-evidence') };
  return { evidence, verdict: judge(evidence, trusted) };
}

function judge(evidence: Evidence, trusted: readonly X509Certificate[] | undefined): Verdict {
  const { exchange, answer } = evidence;
  let certificates: X509Certificate[];
  try {
    certificates = evidence.certificates.map(({ pem }) => new X509Certificate(pem));
  } catch {
    return fault('not-evidence');
  }
  const verdict = proveAnswer(answer.jws, certificates, exchange.senderReference);
  if (!verdict.proved) return verdict;
  const { messageId, code, fingerprint } = verdict;
  const isToldRight = exchange.messageId === undefined || exchange.messageId === messageId;
  if (!isToldRight || !isSameCode(exchange.code, code)) return fault('details');
  if (answer.sha256 !== sha256(answer.jws)) return fault('altered');
  if (evidence.sha256 !== checksumOf(evidence)) return fault('altered');
  if (trusted?.every((certificate) => certificate.fingerprint256 !== fingerprint) === true) {
    return fault('certificates');
  }
  return verdict;
}

function isSignedBy(
  certificate: X509Certificate,
  { hash, pss }: { hash: string; pss: boolean },
  input: string,
  signature: string,
): boolean {
  const key = keyOf(certificate);
  const bits = key?.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key?.asymmetricKeyType !== 'rsa' || bits < LEAST_KEY_BITS) return false;
  const padding = pss
    ? {
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      }
    : { padding: constants.RSA_PKCS1_PADDING };
  const bytes = Buffer.from(signature, 'base64url');
  return verify(hash, Buffer.from(input, 'latin1'), { key, ...padding }, bytes);
}

function parseEvidence(text: string): Evidence | undefined {
  let value: Record<string, unknown>;
  try {
    value = asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
  const isEvidence =
    value['format'] === FORMAT &&
    typeof asObject(value['exchange'])['senderReference'] === 'string' &&
    typeof asObject(value['request'])['sha256'] === 'string' &&
    typeof asObject(value['answer'])['jws'] === 'string' &&
    Array.isArray(value['certificates']) &&
    value['certificates'].every((entry) => typeof asObject(entry)['pem'] === 'string');
  return isEvidence ? (value as unknown as Evidence) : undefined;
}

/** The JSON object in a part of a JWS; undefined when it is none. */
function objectOf(part: string): Record<string, unknown> | undefined {
  try {
    const bytes = Buffer.from(part, 'base64url');
    const value = parseKeepingDigits(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** A number that a float would change becomes its text: a messageId has up to 22 digits. */
function parseKeepingDigits(text: string): unknown {
  // ES2025 (JSON.parse source text access), which TypeScript's es2024 library does not declare.
  const parse = JSON.parse as (
    text: string,
    reviver: (name: string, value: unknown, context: { source?: string }) => unknown,
  ) => unknown;
  return parse(text, (_name, value, { source }) =>
    typeof value === 'number' && String(value) !== source ? source : value,
  );
}

/** The gateway calls every success `0000`, also the gateway's in front of MKS and one without code. */
export function isSameCode(told: string | undefined, signed: string | undefined): boolean {
  const isSuccess = signed === undefined || signed === 'OI000';
  return told === undefined || told === signed || (told === '0000' && isSuccess);
}

export function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** MKS may write a messageId as a string or as a number. */
function scalar(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

export function fault(reason: Fault): Verdict {
  return { proved: false, fault: reason };
}

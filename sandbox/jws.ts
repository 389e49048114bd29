/** Compact JWS with node:crypto alone (RFC 7515 §7.1): reads what members sign, signs what MKK answers. */
import { constants, sign, verify, type KeyObject } from 'node:crypto';
import { isObject, type JsonObject } from './json.ts';

export interface CompactJws {
  header: JsonObject;
  payload: Buffer;
  signature: Buffer;
  /** The bytes that the signature covers. */
  signingInput: Buffer;
}

/** RSA with SHA-256 or above, which is all that MKS asks for (MKS 3). */
const ALGORITHMS: Record<string, { hash: string; isPss: boolean }> = {
  RS256: { hash: 'sha256', isPss: false },
  RS384: { hash: 'sha384', isPss: false },
  RS512: { hash: 'sha512', isPss: false },
  PS256: { hash: 'sha256', isPss: true },
  PS384: { hash: 'sha384', isPss: true },
  PS512: { hash: 'sha512', isPss: true },
};

/** Text or bytes → base64url without padding. */
export function toBase64Url(value: string | Buffer): string {
  return Buffer.from(value).toString('base64url');
}

/**
 * Takes a compact JWS apart without looking at its signature.
 * @returns undefined when the text is not three canonical base64url parts under a JSON object.
 */
export function parseJws(text: string): CompactJws | undefined {
  const parts = text.split('.');
  const [header, payload, signature] = parts.map(fromBase64Url);
  if (parts.length !== 3 || !header || !payload || !signature) return undefined;
  const fields = parseObject(header);
  if (fields === undefined) return undefined;
  const signingInput = Buffer.from(text.slice(0, text.lastIndexOf('.')), 'ascii');
  return { header: fields, payload, signature, signingInput };
}

/** Whether the signature was made with this key's other half by an algorithm that MKS accepts. */
export function isSignedBy(jws: CompactJws, key: KeyObject): boolean {
  const { alg, crit, b64 } = jws.header;
  const algorithm = typeof alg === 'string' ? ALGORITHMS[alg] : undefined;
  if (algorithm === undefined || crit !== undefined || b64 !== undefined) return false;
  const padding = algorithm.isPss
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : { padding: constants.RSA_PKCS1_PADDING };
  return verify(algorithm.hash, jws.signingInput, { key, ...padding }, jws.signature);
}

/** Signs a JSON document with RS256; the header is exactly `{"alg":"RS256"}` unless another is given. */
export function signJws(
  payload: unknown,
  key: KeyObject,
  header: JsonObject = { alg: 'RS256' },
): string {
  const input = `${toBase64Url(JSON.stringify(header))}.${toBase64Url(JSON.stringify(payload))}`;
  return `${input}.${toBase64Url(sign('sha256', Buffer.from(input), key))}`;
}

/** UTF-8 bytes → JSON object; undefined for anything else, broken UTF-8 and a BOM too. */
export function parseObject(bytes: Buffer): JsonObject | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function fromBase64Url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  // Node drops what it does not know; only text that comes out the same again is base64url.
  return text !== '' && bytes.toString('base64url') === text ? bytes : undefined;
}

/** Verifies an answer of MKK over the bytes received, before anything in them is believed. */
import type { KeyObject } from 'node:crypto';
import { JWSSignatureVerificationFailed } from 'jose/errors';
import { compactVerify } from 'jose/jws/compact/verify';
import { parseStrictJson, StrictJsonError } from '../lib/json.ts';
import { isObject, parseJson } from './json.ts';
import type { JsonObject } from './types.ts';

/** RSA SHA-256 or above (MKS 3). Named one by one: without a list, jose would take more. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'];

/** The answer cannot be believed. The message says why, and holds nothing of the answer. */
export class UntrustedError extends Error {
  override readonly name = 'UntrustedError';
}

export interface VerifiedPayload {
  payload: JsonObject;
  /** The same as it was written: white space, order of names, every digit. */
  text: string;
}

/**
 * Verifies a compact JWS (RFC 7515 §5.2) and that it answers our message.
 *
 * Key hints in the header (jku, jwk, x5c, kid) are not looked at. `crit` and `b64` change what is
 * signed and have no place here; equal names would let two readers see two headers.
 *
 * @param jws the text as received, without white space around it.
 * @param keys MKK's pinned keys.
 * @param senderReference of our message; the answer must bear the same.
 * @throws UntrustedError
 */
export async function verifyAnswer(
  jws: string,
  keys: readonly KeyObject[],
  senderReference: string,
): Promise<VerifiedPayload> {
  const verified = await verifyJws(jws, keys);
  const header = verified.payload['responseHeader'];
  const answered = isObject(header) ? header['senderReference'] : undefined;
  if (answered === undefined) throw new UntrustedError('the answer names no senderReference');
  if (answered !== senderReference) {
    throw new UntrustedError('the answer is to another senderReference');
  }
  return verified;
}

/** As verifyAnswer, without the question whether it is the answer to our message. */
export async function verifyJws(jws: string, keys: readonly KeyObject[]): Promise<VerifiedPayload> {
  checkHeader(jws);
  for (const key of keys) {
    const bytes = await payloadUnder(jws, key);
    if (bytes !== undefined) return readPayload(bytes);
  }
  throw new UntrustedError('the signature is not one of a trusted certificate');
}

function checkHeader(jws: string): void {
  let header: unknown;
  try {
    const encoded = Buffer.from(jws.slice(0, jws.indexOf('.')), 'base64url');
    header = parseStrictJson(decodeUtf8(encoded));
  } catch {
    throw new UntrustedError('the JWS header is not sound JSON');
  }
  if (!isObject(header)) throw new UntrustedError('the JWS header is not an object');
  if ('crit' in header || 'b64' in header) {
    throw new UntrustedError('the JWS header asks for an extension');
  }
}

/** The payload's bytes; undefined when this key did not sign it. */
async function payloadUnder(jws: string, key: KeyObject): Promise<Uint8Array | undefined> {
  try {
    const { payload } = await compactVerify(jws, key, { algorithms: ALGORITHMS });
    return payload;
  } catch (error) {
    if (error instanceof JWSSignatureVerificationFailed) return undefined;
    throw new UntrustedError('the JWS is malformed or its algorithm is not allowed', {
      cause: error,
    });
  }
}

function readPayload(bytes: Uint8Array): VerifiedPayload {
  let text: string;
  let payload: unknown;
  try {
    text = decodeUtf8(bytes);
    payload = parseJson(text);
    // Of two equal names one reader takes the first and another the last.
    parseStrictJson(text);
  } catch (error) {
    if (error instanceof StrictJsonError) {
      throw new UntrustedError('the signed payload bears a name twice', { cause: error });
    }
    throw new UntrustedError('the signed payload is not JSON');
  }
  if (!isObject(payload)) throw new UntrustedError('the signed payload is not an object');
  return { payload, text };
}

function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

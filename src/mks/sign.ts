/** Signs what we send: compact JWS, RS256, nothing else in the header (MKS 3, 9.2; RFC 7515 §3.1). */
import type { KeyObject } from 'node:crypto';
import { CompactSign } from 'jose';

/**
 * @param payload the bytes to sign; they are what is sent, so they are serialised once and here not at all.
 * @returns `base64url(header).base64url(payload).base64url(signature)`.
 */
export function signMessage(payload: Uint8Array, privateKey: KeyObject): Promise<string> {
  return new CompactSign(payload).setProtectedHeader({ alg: 'RS256' }).sign(privateKey);
}

/**
 * Signs a statement of ours that is no message to MKS: the header bears its type.
 * @param type for `typ` (RFC 7515 §4.1.9).
 */
export function signStatement(
  type: string,
  payload: Uint8Array,
  privateKey: KeyObject,
): Promise<string> {
  return new CompactSign(payload).setProtectedHeader({ alg: 'RS256', typ: type }).sign(privateKey);
}

/** Signs what we send: compact JWS, RS256, nothing else in the header (MKS 3, 9.2; RFC 7515 §3.1). */
import type { Signer } from '../lib/credentials.ts';

/**
 * @param payload the bytes to sign; they are what is sent, so they are serialised once and here not at all.
 * @returns `base64url(header).base64url(payload).base64url(signature)`.
 * @throws what the signer does.
 */
export function signMessage(payload: Uint8Array, signer: Signer): Promise<string> {
  return signCompact({ alg: 'RS256' }, payload, signer);
}

/**
 * Signs a statement of ours that is no message to MKS: the header bears its type.
 * @param type for `typ` (RFC 7515 §4.1.9).
 * @throws what the signer does.
 */
export function signStatement(type: string, payload: Uint8Array, signer: Signer): Promise<string> {
  return signCompact({ alg: 'RS256', typ: type }, payload, signer);
}

/** RFC 7515 §5.1: what is signed is the ASCII of the header and the payload, as they stand in the text. */
async function signCompact(header: object, payload: Uint8Array, signer: Signer): Promise<string> {
  const input = `${base64url(JSON.stringify(header))}.${base64url(payload)}`;
  return `${input}.${base64url(await signer.sign(Buffer.from(input, 'latin1')))}`;
}

function base64url(bytes: Uint8Array | string): string {
  return Buffer.from(bytes as string).toString('base64url');
}

/** In the place of jose: MKK's signature is a word. */
export const SIGNATURE = 'bWtr';

export class JWSSignatureVerificationFailed extends Error {}

export async function compactVerify(jws: string): Promise<{ payload: Uint8Array }> {
  const [, payload = '', signature] = jws.split('.');
  if (signature !== SIGNATURE) throw new JWSSignatureVerificationFailed();
  return { payload: Buffer.from(payload, 'base64url') };
}

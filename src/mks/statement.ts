/**
 * Statements of our own, signed with a member's key, for whoever wants to know later that they are ours.
 * Their type in the header keeps them from being taken for a message to MKS.
 */
import type { X509Certificate } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import { signingIdentity, type Credentials } from '../lib/credentials.ts';
import { SigningError } from '../lib/hsm.ts';
import { signStatement } from './sign.ts';

export interface Statement {
  memberCode: string;
  /** Of the key that signed. */
  certificate: X509Certificate;
  /** Compact JWS, RS256. */
  jws: string;
}

/**
 * @param type of the statement, for the header's `typ` (RFC 7515 §4.1.9).
 * @returns signs with the key of the first member that can sign; undefined while none can.
 */
export function createStatements(
  type: string,
  credentials: () => Credentials,
  clock: Clock,
): (payload: Uint8Array) => Promise<Statement | undefined> {
  return async (payload) => {
    for (const member of credentials().members.values()) {
      const identity = signingIdentity(member, clock.now());
      if ('fault' in identity) continue;
      const { memberCode } = member;
      const { signer, certificate } = identity;
      try {
        return { memberCode, certificate, jws: await signStatement(type, payload, signer) };
      } catch (error) {
        // Its HSM has gone away this moment; another member's key may lie elsewhere.
        if (!(error instanceof SigningError)) throw error;
      }
    }
    return undefined;
  };
}

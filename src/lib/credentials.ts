/** What the gateway holds of a member and of MKK: the types that every layer may name. */
import type { KeyObject, X509Certificate } from 'node:crypto';

/** A member's key with the certificate that MKK knows it by (MKS 3.1). */
export interface SigningIdentity {
  privateKey: KeyObject;
  certificate: X509Certificate;
}

export interface Member {
  /** MKS member code, `[A-Z0-9]{3,8}`. */
  memberCode: string;
  /** The online-integration user, 99x, `[A-Z0-9]{3,10}`. */
  userCode: string;
  password: string;
  /** `YYYY-MM-DD`; MKK's passwords live for 365 days. */
  passwordChangedOn?: string;
  /** What our references of this member start with; one per system of the member. */
  referencePrefix: string;
  identity: SigningIdentity;
  /** The identity that takes over at `validFrom` (wall ms). */
  next?: SigningIdentity & { validFrom: number };
}

/** Everything that is read from files and may be exchanged while the gateway runs. */
export interface Credentials {
  members: ReadonlyMap<string, Member>;
  /** MKK's response-signing certificates; an answer has to verify with one of them. */
  trustedCertificates: readonly X509Certificate[];
}

/** The identity that signs at this instant: `next` from its `validFrom` on. */
export function activeIdentity(member: Member, nowMs: number): SigningIdentity {
  return member.next !== undefined && member.next.validFrom <= nowMs
    ? member.next
    : member.identity;
}

/** Whether the member's certificate is in force still: with one that has ended MKS refuses all. */
export function canSign(member: Member, nowMs: number): boolean {
  return activeIdentity(member, nowMs).certificate.validToDate.getTime() > nowMs;
}

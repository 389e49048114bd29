/** What the gateway holds of a member and of MKK: the types that every layer may name. */
import type { KeyObject, X509Certificate } from 'node:crypto';

/** What signs for a member, wherever its key lies. */
export interface Signer {
  /** Where the key lies: another place is another signer, though the key be the same. */
  readonly kind: 'file' | 'hsm';
  readonly publicKey: KeyObject;
  /**
   * RSASSA-PKCS1-v1_5 with SHA-256 (RS256 of RFC 7518 §3.3) over the bytes; no work of the event loop's.
   * @throws when nothing was signed.
   */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
  /** What keeps it from signing at the moment, as far as is known. */
  fault(): SigningFault | undefined;
}

/** A member's signer with the certificate that MKK knows its key by (MKS 3.1). */
export interface SigningIdentity {
  signer: Signer;
  certificate: X509Certificate;
}

/** What keeps a member from signing; its words are in signing-faults.ts. */
export type SigningFault =
  | 'key-unusable'
  | 'certificate-unusable'
  | 'certificate-of-another-key'
  | 'certificate-expired'
  | 'certificate-early'
  | 'hsm-unavailable'
  | 'hsm-pin-refused';

/** Files that make no pair to sign with: what could be read of them, and what is wrong. */
export interface UnfitIdentity {
  fault: SigningFault;
  signer?: Signer;
  certificate?: X509Certificate;
}

export type Identity = SigningIdentity | UnfitIdentity;

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
  identity: Identity;
  /** The identity that takes over at `validFrom` (wall ms). */
  next?: Identity & { validFrom: number };
}

/** Everything that is read from files and may be exchanged while the gateway runs. */
export interface Credentials {
  members: ReadonlyMap<string, Member>;
  /** MKK's response-signing certificates; an answer has to verify with one of them. */
  trustedCertificates: readonly X509Certificate[];
}

/** The identity that is to sign at this instant: `next` from its `validFrom` on. */
export function activeIdentity(member: Member, nowMs: number): Identity {
  return member.next !== undefined && member.next.validFrom <= nowMs
    ? member.next
    : member.identity;
}

/** What signs at this instant, or what keeps it from signing: MKS refuses all of it (MKS 3.1). */
export function signingIdentity(member: Member, nowMs: number): Identity {
  const identity = activeIdentity(member, nowMs);
  if ('fault' in identity) return identity;
  const { validFromDate, validToDate } = identity.certificate;
  if (validToDate.getTime() <= nowMs) return { ...identity, fault: 'certificate-expired' };
  if (validFromDate.getTime() > nowMs) return { ...identity, fault: 'certificate-early' };
  const fault = identity.signer.fault();
  return fault === undefined ? identity : { ...identity, fault };
}

/** What keeps the member from signing at this instant: it is shut off. */
export function signingFault(member: Member, nowMs: number): SigningFault | undefined {
  const identity = signingIdentity(member, nowMs);
  return 'fault' in identity ? identity.fault : undefined;
}

/** Whether the member can sign at this instant. */
export function canSign(member: Member, nowMs: number): boolean {
  return signingFault(member, nowMs) === undefined;
}

/** Whether credentials that were read anew are the ones in force: files are touched without a change. */
import { isDeepStrictEqual } from 'node:util';
import type { Credentials, Identity, Member } from '../lib/credentials.ts';

export function isSameCredentials(one: Credentials, other: Credentials): boolean {
  const fingerprints = ({ trustedCertificates }: Credentials) =>
    trustedCertificates.map(({ fingerprint256 }) => fingerprint256);
  return (
    isDeepStrictEqual(fingerprints(one), fingerprints(other)) &&
    one.members.size === other.members.size &&
    [...one.members].every(([code, member]) => isSameMember(member, other.members.get(code)))
  );
}

function isSameMember(one: Member, other: Member | undefined): boolean {
  if (other === undefined) return false;
  // Keys and certificates are handles, whose insides no comparison sees.
  const { identity, next, ...rest } = one;
  const { identity: otherIdentity, next: otherNext, ...otherRest } = other;
  return (
    isDeepStrictEqual(rest, otherRest) &&
    isSameIdentity(identity, otherIdentity) &&
    next?.validFrom === otherNext?.validFrom &&
    isSameIdentity(next, otherNext)
  );
}

function isSameIdentity(one: Identity | undefined, other: Identity | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const [fault, otherFault] = [one, other].map((each) => ('fault' in each ? each.fault : ''));
  return (
    fault === otherFault &&
    isSameSigner(one.signer, other.signer) &&
    one.certificate?.fingerprint256 === other.certificate?.fingerprint256
  );
}

function isSameSigner(one: Identity['signer'], other: Identity['signer']): boolean {
  if (one === other) return true;
  // One in an HSM is the same object for as long as what leads to it is the same.
  return one?.kind === 'file' && other?.kind === 'file' && one.publicKey.equals(other.publicKey);
}

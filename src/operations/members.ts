/** What operators need to know of each member: token, certificate, password, queue. */
import type { X509Certificate } from 'node:crypto';
import type { Clock } from '../lib/clock.ts';
import {
  activeIdentity,
  signingFault,
  type Credentials,
  type Member,
  type SigningFault,
} from '../lib/credentials.ts';
import { defined } from '../lib/defined.ts';
import type { Mks, TokenState } from '../mks/types.ts';
import type { Desk, MemberQueue } from '../reports/types.ts';

/** Of one member; times are wall milliseconds. */
export interface MemberState {
  member: string;
  token: TokenState;
  /** What keeps it from signing now: it is shut off. */
  fault?: SigningFault;
  /** The one that is to sign now; absent when it cannot be read. */
  certificate?: CertificateState;
  /** The identity that takes over later. */
  next?: Partial<CertificateState> & { validFrom: number };
  /** Absent when nobody said when it was changed. */
  password?: { changedOn: string; expiresAt: number };
  queue: MemberQueue;
}

export interface CertificateState {
  subject: string;
  /** SHA-256 of the certificate, hex with colons. */
  fingerprint: string;
  notAfter: number;
}

export interface MemberStates {
  /**
   * The state of these members that are configured, in the order of their codes.
   * @throws StateUnavailableError.
   */
  of(memberCodes: readonly string[]): Promise<MemberState[]>;
}

/** MKK's passwords live for 365 days (MKS 3.2). */
const PASSWORD_LIFE_MS = 365 * 24 * 3_600_000;

export function createMemberStates(deps: {
  credentials: () => Credentials;
  mks: Pick<Mks, 'tokenState'>;
  desk: Pick<Desk, 'queue'>;
  clock: Clock;
}): MemberStates {
  const { credentials, mks, desk, clock } = deps;
  async function stateOf(member: Member): Promise<MemberState> {
    const [token, queue] = await Promise.all([
      mks.tokenState(member.memberCode),
      desk.queue(member.memberCode),
    ]);
    return { token, queue, ...paperState(member, clock.now()) };
  }
  return {
    of(memberCodes) {
      const { members } = credentials();
      const known = memberCodes.toSorted().flatMap((code) => members.get(code) ?? []);
      return Promise.all(known.map(stateOf));
    },
  };
}

/** What the files say of a member: certificates and the password's age. Needs no Redis. */
export function paperState(
  member: Member,
  nowMs: number,
): Pick<MemberState, 'member' | 'fault' | 'certificate' | 'next' | 'password'> {
  const { next, passwordChangedOn } = member;
  const { certificate } = activeIdentity(member, nowMs);
  const changedAt = passwordChangedOn && Date.parse(`${passwordChangedOn}T00:00:00+03:00`);
  return {
    member: member.memberCode,
    ...defined({
      fault: signingFault(member, nowMs),
      certificate: certificate && certificateState(certificate),
    }),
    ...(next !== undefined &&
      next.validFrom > nowMs && {
        next: {
          ...(next.certificate !== undefined && certificateState(next.certificate)),
          validFrom: next.validFrom,
        },
      }),
    ...(passwordChangedOn !== undefined &&
      typeof changedAt === 'number' && {
        password: { changedOn: passwordChangedOn, expiresAt: changedAt + PASSWORD_LIFE_MS },
      }),
  };
}

function certificateState(certificate: X509Certificate): CertificateState {
  return {
    subject: certificate.subject.replaceAll('\n', ', '),
    fingerprint: certificate.fingerprint256,
    notAfter: certificate.validToDate.getTime(),
  };
}

/** A member as operators see it: token, papers and queue. */
import { defined } from '../../lib/defined.ts';
import type { Language } from '../../lib/localised.ts';
import { SIGNING_FAULTS } from '../../lib/signing-faults.ts';
import { istanbulTimestamps, toIstanbulTimestamp } from '../../lib/dates.ts';
import type { CertificateState, MemberState } from '../../operations/members.ts';

const DAY_MS = 24 * 3_600_000;

/** @param now wall ms. */
export function memberDocument(state: MemberState, now: number, language: Language) {
  const { member, fault, token, certificate, next, password, queue } = state;
  return {
    member,
    paused: queue.paused,
    canSign: fault === undefined,
    ...defined({
      shutOff: fault && { reason: fault, detail: SIGNING_FAULTS[fault][language] },
    }),
    token: {
      ...(token.expiresAt !== undefined && {
        expiresAt: toIstanbulTimestamp(token.expiresAt),
        expiresInSeconds: Math.max(0, Math.floor((token.expiresAt - now) / 1000)),
      }),
      ...defined({ reason: token.reason }),
      ...istanbulTimestamps({ loginPausedUntil: token.refusedUntil }),
    },
    ...defined({
      certificate: certificate && certificateDocument(certificate, now),
      next: next && {
        ...(isCertificate(next) && certificateDocument(next, now)),
        validFrom: toIstanbulTimestamp(next.validFrom),
      },
      password: password && {
        changedOn: password.changedOn,
        expiresAt: toIstanbulTimestamp(password.expiresAt),
        daysLeft: daysLeft(password.expiresAt, now),
      },
    }),
    queue: {
      length: queue.length,
      preparing: queue.preparing,
      ...istanbulTimestamps({ oldestAt: queue.oldestAt }),
      ...defined({
        slot: queue.slot && {
          holder: queue.slot.holder,
          since: toIstanbulTimestamp(queue.slot.since),
        },
      }),
    },
  };
}

function isCertificate(next: Partial<CertificateState>): next is CertificateState {
  return next.notAfter !== undefined;
}

function certificateDocument({ subject, fingerprint, notAfter }: CertificateState, now: number) {
  return {
    subject,
    fingerprint,
    notAfter: toIstanbulTimestamp(notAfter),
    daysLeft: daysLeft(notAfter, now),
  };
}

/** Whole days, negative when it is over. */
function daysLeft(endsAt: number, now: number): number {
  return Math.floor((endsAt - now) / DAY_MS);
}

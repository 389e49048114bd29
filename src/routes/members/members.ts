/** `GET /members` and `POST /members/{member}/pause|resume`: the members for those who run them. */
import type { FastifyRequest } from 'fastify';
import { defined } from '../../lib/defined.ts';
import { toIstanbulTimestamp } from '../../lib/dates.ts';
import type { CertificateState, MemberState } from '../../operations/members.ts';
import { ProblemError } from '../../problems.ts';
import { membersOperation, turnOperation } from '../../schemas/member-operations.ts';
import { callerOf, resolveMember } from '../request/access.ts';
import type { App, EdgeDeps } from '../types.ts';

const DAY_MS = 24 * 3_600_000;

export function serveMembers(app: App, deps: EdgeDeps): void {
  app.get('/members', membersOperation, async (request, reply) => {
    const states = await deps.operations.members.of(callerOf(request).members);
    const now = deps.clock.now();
    return reply
      .header('cache-control', 'no-store')
      .send({ items: states.map((state) => memberDocument(state, now)) });
  });

  for (const turn of ['pause', 'resume'] as const) {
    app.post(`/members/:member/${turn}`, turnOperation(turn), async (request, reply) => {
      const member = operatedMember(request, request.params.member);
      await deps.desk[turn](member);
      const { name } = callerOf(request);
      request.log.warn({ audit: turn, member, client: name }, `an operator's ${turn} of a member`);
      const [state] = await deps.operations.members.of([member]);
      if (state === undefined) throw new ProblemError('not-found');
      return reply
        .header('cache-control', 'no-store')
        .send(memberDocument(state, deps.clock.now()));
    });
  }
}

/** @throws ProblemError `member-forbidden`: no operator, or not of this member. */
function operatedMember(request: FastifyRequest, member: string): string {
  const caller = callerOf(request);
  if (!caller.operator) {
    throw new ProblemError('member-forbidden', {
      detail: {
        en: 'Only an operator may pause and resume members.',
        tr: 'Üyeleri yalnızca operatör yetkili anahtarlar durdurup başlatabilir.',
      },
    });
  }
  return resolveMember(caller, member, 'member');
}

function memberDocument(state: MemberState, now: number) {
  const { member, token, certificate, next, password, queue } = state;
  return {
    member,
    paused: queue.paused,
    token: {
      ...(token.expiresAt !== undefined && {
        expiresAt: toIstanbulTimestamp(token.expiresAt),
        expiresInSeconds: Math.max(0, Math.floor((token.expiresAt - now) / 1000)),
      }),
      ...defined({ reason: token.reason }),
      ...(token.refusedUntil !== undefined && {
        loginPausedUntil: toIstanbulTimestamp(token.refusedUntil),
      }),
    },
    certificate: certificateDocument(certificate, now),
    ...(next !== undefined && {
      next: {
        ...certificateDocument(next, now),
        validFrom: toIstanbulTimestamp(next.validFrom),
      },
    }),
    ...(password !== undefined && {
      password: {
        changedOn: password.changedOn,
        expiresAt: toIstanbulTimestamp(password.expiresAt),
        daysLeft: daysLeft(password.expiresAt, now),
      },
    }),
    queue: {
      length: queue.length,
      preparing: queue.preparing,
      ...(queue.oldestAt !== undefined && { oldestAt: toIstanbulTimestamp(queue.oldestAt) }),
      ...(queue.slot !== undefined && {
        slot: { holder: queue.slot.holder, since: toIstanbulTimestamp(queue.slot.since) },
      }),
    },
  };
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

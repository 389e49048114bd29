/** What pausing and resuming a member share: who may, what is logged, how the member is told. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { preferredLanguage } from '../../lib/negotiation.ts';
import { ProblemError } from '../../problems.ts';
import { jsonAnswer, MemberCode, refTo } from '../../schemas/common.ts';
import { MEMBER_EXAMPLE, MemberStatus } from '../../schemas/members.ts';
import { COMMON_PROBLEMS, problemAnswers } from '../../schemas/problems.ts';
import { callerOf, resolveMember } from '../request/access.ts';
import { seen } from '../request/seen.ts';
import type { EdgeDeps } from '../types.ts';
import { memberDocument } from './member-document.ts';

export const TurnParams = Type.Object({ member: MemberCode });

/** @param paused as the example shows the member afterwards. */
export function turnAnswers(paused: boolean) {
  return {
    200: jsonAnswer('The member now. Üyenin yeni durumu.', refTo(MemberStatus), {
      ...MEMBER_EXAMPLE,
      paused,
    }),
    ...problemAnswers([...COMMON_PROBLEMS, 'member-forbidden', 'not-found', 'trail-unavailable']),
  };
}

/**
 * Pauses or resumes the member on an operator's word; either can be repeated without harm.
 *
 * @throws ProblemError `member-forbidden`, `not-found`, StateUnavailableError, TrailUnavailableError.
 */
export async function turnMember(
  turn: 'pause' | 'resume',
  deps: EdgeDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  named: string,
): Promise<FastifyReply> {
  const member = operatedMember(request, named);
  // Not done at all rather than done unseen.
  await deps.trail.ready();
  await deps.desk[turn](member);
  await seen(deps, request, { action: `member.${turn}d`, member, end: 'done' });
  const { name } = callerOf(request);
  request.log.warn({ audit: turn, member, client: name }, `an operator's ${turn} of a member`);
  const [state] = await deps.operations.members.of([member]);
  if (state === undefined) throw new ProblemError('not-found');
  const language = preferredLanguage(request.headers['accept-language']);
  return reply
    .header('cache-control', 'no-store')
    .send(memberDocument(state, deps.clock.now(), language));
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

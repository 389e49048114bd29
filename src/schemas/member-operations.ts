/** The operations on members. */
import { Type } from 'typebox';
import { jsonAnswer, MemberCode, refTo } from './common.ts';
import { MEMBER_EXAMPLE, MemberStatus, MemberStatusList } from './members.ts';
import { COMMON_PROBLEMS, problemAnswers } from './problems.ts';

export const membersOperation = {
  schema: {
    operationId: 'listMembers',
    tags: ['operations'],
    summary: "List the caller's members",
    description:
      'Token, certificate, password, queue and pause of each. Üyelerin token, sertifika, şifre ve ' +
      'kuyruk durumu.',
    response: {
      200: jsonAnswer('The members. Üyeler.', refTo(MemberStatusList), { items: [MEMBER_EXAMPLE] }),
      ...problemAnswers(COMMON_PROBLEMS),
    },
  },
};

const TEXTS = {
  pause: {
    operationId: 'pauseMember',
    summary: 'Pause a member',
    description:
      'No report of the member starts until it is resumed; what MKS has goes on. For operators. ' +
      'Üyenin yeni raporlarını bekletir.',
  },
  resume: {
    operationId: 'resumeMember',
    summary: 'Resume a member',
    description: 'Its reports start again in their turn. For operators. Üyeyi yeniden başlatır.',
  },
} as const;

/** Both can be repeated without harm. */
export function turnOperation(turn: 'pause' | 'resume') {
  const paused = turn === 'pause';
  return {
    schema: {
      ...TEXTS[turn],
      tags: ['operations'],
      params: Type.Object({ member: MemberCode }),
      response: {
        200: jsonAnswer('The member now. Üyenin yeni durumu.', refTo(MemberStatus), {
          ...MEMBER_EXAMPLE,
          paused,
        }),
        ...problemAnswers([...COMMON_PROBLEMS, 'member-forbidden', 'not-found']),
      },
    },
  };
}

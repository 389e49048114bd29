/** `GET /members`: the caller's members with their tokens, papers and queues. */
import { Type } from 'typebox';
import { preferredLanguage } from '../../lib/negotiation.ts';
import { jsonAnswer, named, refTo } from '../../schemas/common.ts';
import { MEMBER_EXAMPLE, MemberStatus } from '../../schemas/members.ts';
import { COMMON_PROBLEMS, problemAnswers } from '../../schemas/problems.ts';
import { callerOf } from '../request/access.ts';
import type { App, EdgeDeps } from '../types.ts';
import { memberDocument } from './member-document.ts';

const MemberStatusList = named(
  'MemberStatusList',
  Type.Object({ items: Type.Array(refTo(MemberStatus)) }),
);

const endpoint = {
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

export function listMembers(app: App, deps: EdgeDeps): void {
  app.addSchema(MemberStatusList);
  app.get('/members', endpoint, async (request, reply) => {
    const states = await deps.operations.members.of(callerOf(request).members);
    const now = deps.clock.now();
    const language = preferredLanguage(request.headers['accept-language']);
    return reply
      .header('cache-control', 'no-store')
      .send({ items: states.map((state) => memberDocument(state, now, language)) });
  });
}

/** `POST /members/{member}/resume`: the member's reports start again in their turn. */
import type { App, EdgeDeps } from '../types.ts';
import { turnAnswers, turnMember, TurnParams } from './turn.ts';

const endpoint = {
  schema: {
    operationId: 'resumeMember',
    tags: ['operations'],
    summary: 'Resume a member',
    description: 'Its reports start again in their turn. For operators. Üyeyi yeniden başlatır.',
    params: TurnParams,
    response: turnAnswers(false),
  },
};

export function resumeMember(app: App, deps: EdgeDeps): void {
  app.post('/members/:member/resume', endpoint, (request, reply) =>
    turnMember('resume', deps, request, reply, request.params.member),
  );
}

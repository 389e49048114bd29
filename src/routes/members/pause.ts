/** `POST /members/{member}/pause`: nothing of the member starts until it is resumed. */
import type { App, EdgeDeps } from '../types.ts';
import { turnAnswers, turnMember, TurnParams } from './turn.ts';

const endpoint = {
  schema: {
    operationId: 'pauseMember',
    tags: ['operations'],
    summary: 'Pause a member',
    description:
      'No report of the member starts until it is resumed; what MKS has goes on. For operators. ' +
      'Üyenin yeni raporlarını bekletir.',
    params: TurnParams,
    response: turnAnswers(true),
  },
};

export function pauseMember(app: App, deps: EdgeDeps): void {
  app.post('/members/:member/pause', endpoint, (request, reply) =>
    turnMember('pause', deps, request, reply, request.params.member),
  );
}

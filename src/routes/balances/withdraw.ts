/** `DELETE /balances/{id}`: takes the caller's interest in a report back. */
import { ProblemError } from '../../problems.ts';
import { callerOf, findReport } from '../request/access.ts';
import type { App, EdgeDeps } from '../types.ts';
import { problemAnswers } from '../../schemas/problems.ts';
import { NOTHING, ON_REPORT, ReportParams, tags } from '../../schemas/report-parts.ts';

const endpoint = {
  schema: {
    operationId: 'withdrawBalances',
    tags,
    summary: 'Take an interest back',
    description:
      'While the report is queued. The last interest that goes cancels it.\n\nSıradaki istekten vazgeçer.',
    params: ReportParams,
    querystring: NOTHING,
    response: {
      204: { description: 'Taken back. Vazgeçildi.', type: 'null' },
      ...problemAnswers([...ON_REPORT, 'conflict']),
    },
  },
};

export function withdrawBalances(app: App, deps: EdgeDeps): void {
  app.delete('/balances/:id', endpoint, async (request, reply) => {
    const caller = callerOf(request);
    const report = await findReport(deps, request, request.params.id);
    if ((await deps.desk.withdraw(report.id, caller.name)) === 'withdrawn') {
      return reply.code(204).send();
    }
    throw new ProblemError('conflict', {
      detail: {
        en: 'The report has been sent to MKS already and cannot be taken back.',
        tr: 'Rapor MKS’ye gönderildi, artık geri alınamaz.',
      },
    });
  });
}

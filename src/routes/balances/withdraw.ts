/** `DELETE /balances/{id}`: takes the caller's interest in a report back. */
import { ProblemError } from '../../problems.ts';
import { withdrawOperation } from '../../schemas/report-operations.ts';
import { callerOf, findReport } from '../request/access.ts';
import type { App, EdgeDeps } from '../types.ts';

export function withdrawBalances(app: App, deps: EdgeDeps): void {
  app.delete('/balances/:id', withdrawOperation, async (request, reply) => {
    const caller = callerOf(request);
    const report = await findReport(deps, caller, request.params.id);
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

/** `GET /balances/{id}/rows`: a ready report's rows as JSON, NDJSON or CSV. */
import { rowsOperation } from '../../schemas/row-operations.ts';
import { callerOf, findReport } from '../request/access.ts';
import { problemContext } from '../request/problem-context.ts';
import { reportMustBeReady } from '../request/report-state.ts';
import { negotiateRows, sendRows } from '../request/send-rows.ts';
import type { App, EdgeDeps } from '../types.ts';

export function readRows(app: App, deps: EdgeDeps): void {
  app.get('/balances/:id/rows', rowsOperation, async (request, reply) => {
    const report = await findReport(deps, callerOf(request), request.params.id);
    const format = negotiateRows(request, request.query);
    reportMustBeReady(report, problemContext(deps));
    return sendRows(deps.readers, request, reply, report, format);
  });
}

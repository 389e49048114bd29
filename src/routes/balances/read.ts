/** `GET /balances/{id}`: one report; `Prefer: wait=N` waits for its end. */
import { preferredLanguage } from '../../lib/negotiation.ts';
import { readOperation } from '../../schemas/report-operations.ts';
import { callerOf, findReport } from '../request/access.ts';
import { readPrefer } from '../request/prefer.ts';
import { problemContext } from '../request/problem-context.ts';
import { reportDocument } from '../request/report-document.ts';
import type { App, EdgeDeps } from '../types.ts';
import { waitForEnd } from '../request/waiting.ts';

export function readBalances(app: App, deps: EdgeDeps): void {
  app.get('/balances/:id', readOperation, async (request, reply) => {
    const found = await findReport(deps, callerOf(request), request.params.id);
    const prefer = readPrefer(request.headers.prefer);
    const report = (await waitForEnd(deps, reply, found, prefer.waitMs ?? 0)) ?? found;
    if (reply.raw.destroyed) return reply.hijack();
    if (prefer.applied !== undefined) reply.header('preference-applied', prefer.applied);
    const language = preferredLanguage(request.headers['accept-language']);
    return reply.send(reportDocument(report, language, problemContext(deps)));
  });
}

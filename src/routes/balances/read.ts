/** `GET /balances/{id}`: one report; `Prefer: wait=N` waits for its end. */
import { Type } from 'typebox';
import type { Places } from '../../lib/places.ts';
import { preferredLanguage } from '../../lib/negotiation.ts';
import { findReport } from '../request/access.ts';
import { readPrefer } from '../request/prefer.ts';
import { problemContext } from '../request/problem-context.ts';
import { reportDocument } from '../request/report-document.ts';
import type { App, EdgeDeps } from '../types.ts';
import { waitForEnd } from '../request/waiting.ts';
import { jsonAnswer, refTo } from '../../schemas/common.ts';
import { problemAnswers } from '../../schemas/problems.ts';
import { READY_EXAMPLE } from '../../schemas/report-examples.ts';
import {
  NOTHING,
  ON_REPORT,
  Prefer,
  preferenceApplied,
  ReportParams,
  tags,
} from '../../schemas/report-parts.ts';
import { Report } from '../../schemas/reports.ts';

const endpoint = {
  schema: {
    operationId: 'readBalances',
    tags,
    summary: 'Read a report',
    description: '`Prefer: wait=N` waits for its end. Raporu okur; istenirse bitmesini bekler.',
    params: ReportParams,
    querystring: NOTHING,
    headers: Type.Object({ Prefer }),
    response: {
      200: jsonAnswer('The report. Rapor.', refTo(Report), READY_EXAMPLE, {
        'Preference-Applied': preferenceApplied,
      }),
      ...problemAnswers(ON_REPORT),
    },
  },
};

export function readBalances(app: App, deps: EdgeDeps & { waits: Places }): void {
  app.get('/balances/:id', endpoint, async (request, reply) => {
    const found = await findReport(deps, request, request.params.id);
    const prefer = readPrefer(request.headers.prefer);
    const report = (await waitForEnd(deps, reply, found, prefer.waitMs ?? 0)) ?? found;
    if (reply.raw.destroyed) return reply.hijack();
    if (prefer.applied !== undefined) reply.header('preference-applied', prefer.applied);
    const language = preferredLanguage(request.headers['accept-language']);
    return reply.send(reportDocument(report, language, problemContext(deps)));
  });
}

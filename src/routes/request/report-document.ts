/** A report as its callers see it. */
import { defined } from '../../lib/defined.ts';
import type { DecidingAnswer, Report, Waiting } from '../../reports/types.ts';
import { istanbulTimestamps, toIstanbulTimestamp } from '../../lib/dates.ts';
import type { Language } from '../../lib/localised.ts';
import { failureProblem, type ProblemContext } from '../../problems/from-error.ts';
import { problemDocument, type ProblemDocument } from '../../problems/render.ts';
import type { ReportDocument } from '../../schemas/reports.ts';
import { isLive } from './waiting.ts';

/** The path of a report. */
export function reportPath(id: string): string {
  return `/balances/${id}`;
}

/** The report's JSON document; what does not apply to its state is left out. */
export function reportDocument(
  report: Report,
  language: Language,
  context: ProblemContext,
): ReportDocument {
  const { id, member, processDate, filters, state } = report;
  const problem = reportProblem(report, language, context);
  return {
    id,
    member,
    processDate,
    filters: { ...filters },
    state,
    createdAt: toIstanbulTimestamp(report.createdAt),
    updatedAt: toIstanbulTimestamp(report.updatedAt),
    ...istanbulTimestamps({ startsAt: report.startsAt, readyAt: report.readyAt }),
    expiresAt: toIstanbulTimestamp(report.expiresAt),
    ...defined({ refId: report.refId, rowCount: report.rowCount, remarks: shownRemarks(report) }),
    ...(report.position !== undefined && { queue: { position: report.position } }),
    ...defined({
      waiting: report.waiting && waitingDocument(report.waiting),
      estimate: report.estimate && {
        readyAt: toIstanbulTimestamp(report.estimate.readyAt),
      },
      mks: report.mks && shownAnswer(report.mks),
      problem,
    }),
    links: links(report),
  };
}

/** Left out when there is nothing to remark on. */
function shownRemarks({ remarks = [] }: Report): Report['remarks'] {
  return remarks.length === 0 ? undefined : remarks;
}

function waitingDocument({ since, retryAt, ...rest }: Waiting) {
  return {
    ...rest,
    since: toIstanbulTimestamp(since),
    ...istanbulTimestamps({ retryAt }),
  };
}

function shownAnswer({ code, description, senderReference, messageId }: DecidingAnswer) {
  return { code, description, ...defined({ senderReference, messageId }) };
}

function reportProblem(
  report: Report,
  language: Language,
  context: ProblemContext,
): ProblemDocument | undefined {
  if (report.failure === undefined) return undefined;
  const problem = failureProblem(report.failure, context);
  return problemDocument(problem, language, { instance: reportPath(report.id) });
}

function links(report: Report): ReportDocument['links'] {
  const self = reportPath(report.id);
  const hasRows = isLive(report) || report.state === 'ready';
  // A report without data has no file of MKS.
  const hasFile = isLive(report) || report.files.length > 0;
  return {
    self,
    ...(hasRows && { rows: `${self}/rows` }),
    ...(hasFile && { file: `${self}/file` }),
    events: `${self}/events`,
  };
}

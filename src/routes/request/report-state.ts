/** What keeps a report from having rows. */
import { defined } from '../../lib/defined.ts';
import type { Report, ReportState } from '../../reports/types.ts';
import type { Localised } from '../../lib/localised.ts';
import { ProblemError } from '../../problems.ts';
import { failureProblem, type ProblemContext } from '../../problems/from-error.ts';

const RETRY_MS = 5_000;

const NOT_READY: Partial<Record<ReportState, Localised>> = {
  queued: { en: 'The report is still waiting for its turn.', tr: 'Rapor hâlâ sırasını bekliyor.' },
  preparing: { en: 'The report is still being prepared.', tr: 'Rapor hâlâ hazırlanıyor.' },
  cancelled: { en: 'The report was cancelled.', tr: 'Rapor iptal edildi.' },
};

/**
 * Passes for a ready report only.
 *
 * @throws ProblemError `conflict`, `report-expired`, or the problem that the report failed with.
 */
export function reportMustBeReady(report: Report, context: ProblemContext): void {
  if (report.state === 'ready') return;
  if (report.state === 'expired') throw new ProblemError('report-expired');
  if (report.state === 'failed') {
    throw report.failure === undefined
      ? new ProblemError('internal')
      : failureProblem(report.failure, context);
  }
  const detail = NOT_READY[report.state];
  throw new ProblemError('conflict', {
    ...defined({ detail }),
    ...(report.state !== 'cancelled' && { retryAfterMs: RETRY_MS }),
  });
}

/** What an asker sees of a report: its record, and what surrounds it while it lives. */
import type { Clock } from '../lib/clock.ts';
import { defined } from '../lib/defined.ts';
import type { Hours } from '../mks/hours.ts';
import { hasEnded, toReport, type StoredReport } from './record.ts';
import type { ReportStore } from './store.ts';
import type { Report } from './types.ts';

export interface Views {
  view(record: StoredReport): Promise<Report>;
  /** @returns nothing for a record that is no report: a caller's own message holds a slot so. */
  get(id: string): Promise<Report | undefined>;
}

/** @throws StateUnavailableError from both methods when Redis cannot be reached. */
export function createViews(deps: { store: ReportStore; hours: Hours; clock: Clock }): Views {
  const { store, hours, clock } = deps;

  async function view(record: StoredReport): Promise<Report> {
    if (hasEnded(record.state)) return toReport(record);
    const now = clock.now();
    const isQueued = record.state === 'queued';
    const startsAt = isQueued && !hours.isOpen(now) ? hours.opensAt(now) : undefined;
    const around = isQueued
      ? await store.around(record)
      : { isPaused: false, durations: await store.durations(record.member) };
    return toReport(record, { now, ...around, ...defined({ startsAt }) });
  }

  return {
    view,
    async get(id) {
      const record = await store.get(id);
      return record?.kind === 'report' ? view(record) : undefined;
    },
  };
}

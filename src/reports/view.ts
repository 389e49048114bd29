/** What an asker sees of a report: its record, and what surrounds it while it lives. */
import type { Clock } from '../lib/clock.ts';
import { defined } from '../lib/defined.ts';
import type { Hours } from '../mks/hours.ts';
import { hasEnded, toReport, type Around, type StoredReport } from './record.ts';
import type { ReportStore } from './store.ts';
import type { Report } from './types.ts';

export interface Views {
  view(record: StoredReport): Promise<Report>;
  /** The view of a report that waits for its turn, where what surrounds it is known. */
  ofQueued(record: StoredReport, around: Around): Report;
  /** @returns nothing for a record that is no report: a caller's own message holds a slot so. */
  get(id: string): Promise<Report | undefined>;
}

/** @throws StateUnavailableError from `view` and `get` when Redis cannot be reached. */
export function createViews(deps: { store: ReportStore; hours: Hours; clock: Clock }): Views {
  const { store, hours, clock } = deps;

  function ofQueued(record: StoredReport, around: Around): Report {
    const now = clock.now();
    const startsAt = hours.isOpen(now) ? undefined : hours.opensAt(now);
    return toReport(record, { now, ...around, ...defined({ startsAt }) });
  }

  async function view(record: StoredReport): Promise<Report> {
    if (hasEnded(record.state)) return toReport(record);
    if (record.state === 'queued') return ofQueued(record, await store.around(record));
    const durations = await store.durations(record.member);
    return toReport(record, { now: clock.now(), isPaused: false, durations });
  }

  return {
    view,
    ofQueued,
    async get(id) {
      const record = await store.get(id);
      return record?.kind === 'report' ? view(record) : undefined;
    },
  };
}

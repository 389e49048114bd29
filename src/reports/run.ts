/**
 * One run of one report: step after step until it has ended or has to wait.
 *
 * Nothing that matters is held in memory: a run that dies is taken up by another from the record.
 * Each change is guarded by the run's token, so a run that was superseded cannot write, and since
 * every sending is recorded first, it cannot send either.
 */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import type { ServiceHours } from '../mks/hours.ts';
import type { Mks } from '../mks/types.ts';
import { StateUnavailableError } from '../state/errors.ts';
import { RunSupersededError } from './errors.ts';
import type { Fetcher } from './fetcher.ts';
import { persistently } from './persistently.ts';
import type { StoredReport } from './record.ts';
import type { ReportSecrets } from './secrets.ts';
import { retryRead } from './steps/common.ts';
import { fetchStep } from './steps/fetch.ts';
import { requestStep } from './steps/request.ts';
import { statusStep } from './steps/status.ts';
import type { Change, Due, ReportStore } from './store.ts';

export interface RunDeps {
  store: ReportStore;
  mks: Mks;
  hours: ServiceHours;
  fetcher: Fetcher;
  secrets: ReportSecrets;
  clock: Clock;
  log: Logger;
  options: {
    fileType: 'json' | 'csv';
    /** First pause between polls and between RP003 tries; it grows to 15 s. */
    statusPollMs: number;
    requestTimeoutMs: number;
    retentionMs: number;
  };
  /** Called when a member's slot has become free. */
  onSlotFree: (member: string) => void;
}

/** What a step works with. */
export interface Run extends RunDeps {
  /** The record as of the last change. */
  record: StoredReport;
  token: string;
  signal: AbortSignal;
  /** Writes a change. @throws RunSupersededError when another run owns the report. */
  change(change: Change): Promise<void>;
}

/** Milliseconds until the next step; nothing when the report has ended. */
export type Next = number | undefined;

const steps = { request: requestStep, status: statusStep, fetch: fetchStep };

/**
 * Works on a report until it ends or has to wait.
 * @returns milliseconds to wait before the next run; nothing when there is no more to do.
 * @throws StateUnavailableError, and the signal's reason on abort: the report can be taken up again.
 */
export async function runReport(deps: RunDeps, due: Due, signal: AbortSignal): Promise<Next> {
  const token = randomUUID();
  const record = await deps.store.claim(due.member, due.id, token);
  if (record === undefined) {
    deps.onSlotFree(due.member);
    return undefined;
  }
  const run: Run = {
    ...deps,
    record,
    token,
    signal,
    async change(change) {
      const write = () => deps.store.update(run.record, token, deps.clock.now(), change);
      if (!(await persistently(deps.clock, write, signal))) throw new RunSupersededError();
      const next: StoredReport = { ...run.record, ...change.set };
      for (const field of change.remove ?? []) delete next[field];
      run.record = next;
      if (change.end !== undefined || change.releaseSlot === true) deps.onSlotFree(next.member);
    },
  };
  try {
    for (;;) {
      signal.throwIfAborted();
      const waitMs = await steps[run.record.phase](run);
      if (waitMs === undefined || waitMs > 0) return waitMs;
    }
  } catch (error) {
    if (error instanceof RunSupersededError) return undefined;
    if (error instanceof StateUnavailableError || signal.aborted) throw error;
    // A mistake of ours: told in full to the log, and not repeated for ever.
    deps.log.error({ err: error, report: due.id }, 'a report step failed');
    return retryRead(run, { code: 'internal', detail: 'an unexpected error' });
  }
}

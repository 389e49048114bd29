/** What a step of a report's life is given, and what it gives: the one thing that all steps share. */
import type { Logger } from 'pino';
import type { Clock } from '../../lib/clock.ts';
import type { IsNewsToday } from '../../lib/once-a-day.ts';
import type { Mks } from '../../mks/types.ts';
import type { Fetcher } from '../fetcher.ts';
import type { StoredReport } from '../record.ts';
import type { ReportSecrets } from '../secrets.ts';
import type { Change, Due, ReportStore } from '../store.ts';
import type { ShutOff } from '../types.ts';

export interface RunDeps {
  store: ReportStore;
  mks: Mks;
  fetcher: Fetcher;
  secrets: ReportSecrets;
  shutOff: ShutOff;
  clock: Clock;
  log: Logger;
  /** For what is worth a line in the log once a day. */
  isNewsToday: IsNewsToday;
  options: {
    fileType: 'json' | 'csv';
    /** First pause between polls and between RP003 tries; it grows to 15 s. */
    statusPollMs: number;
    requestTimeoutMs: number;
    retentionMs: number;
  };
  /** Whether what is next in turn may start now: MKS is open. */
  mayStart: () => boolean;
  /** Called when a member's slot has become free, and has not gone on. */
  onSlotFree: (member: string) => void;
  /** Called when the slot has gone on with a change. */
  onGranted: (due: Due) => void;
}

/** What a step works with. */
export interface Run extends RunDeps {
  /** The record as of the last change. */
  record: StoredReport;
  /** How long MKS took to make the member's last reports, in milliseconds, as of the run's begin. */
  preparations: readonly number[];
  token: string;
  /** Aborted when the process begins to close. */
  signal: AbortSignal;
  /** Aborted some seconds later, for an answer that must not be lost. */
  lateSignal: AbortSignal;
  /** Writes a change. @throws RunSupersededError when another run owns the report. */
  change(change: Change): Promise<void>;
}

/** Milliseconds until the next step; nothing when the report has ended. */
export type Next = number | undefined;

/** The reports of all members: one of each member's at a time is being made; each is kept for 24 hours. */
import { randomInt } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SandboxClock } from '../clock.ts';
import { istanbulDay, istanbulStamp } from '../istanbul.ts';
import type { Settings } from '../settings.ts';
import { planFiles, writeFiles, type Report, type ReportRequest } from './report.ts';

export interface Reports {
  /** Starts a report; undefined while another of the member's is being made (RP003), unless overlaps are accepted. */
  start(request: ReportRequest): Report | undefined;
  /** How many of the member's reports are being made. */
  running(member: string): number;
  /** The member's report, unless its 24 hours are over (RP018). */
  find(member: string, refId: string): Report | undefined;
  /** RP020 to RP023 while it is being made, RP025 failed, RP026 no data, 0000 ready. */
  codeOf(report: Report): Promise<string>;
  /** Ends the report as failed. */
  fail(report: Report): void;
  /** Stops the work under way and removes all archives. */
  close(): Promise<void>;
}

const KEPT_MS = 24 * 60 * 60 * 1000;
const DUE_FILE_WAIT_MS = 1000;

/** The share of the preparation time by whose end each code gives way to the next. */
const WAITING_CODES: readonly [endsAt: number, code: string][] = [
  [0.15, 'RP020'],
  [0.3, 'RP021'],
  [0.5, 'RP022'],
  [1, 'RP023'],
];

/**
 * @param deps.directory where the archives are written; it exists.
 * @param deps.prepareSeconds how long a report takes at least, by the sandbox's clock.
 */
export function createReports(deps: {
  clock: SandboxClock;
  settings: Settings;
  directory: string;
  seed: string;
  prepareSeconds: number;
  datesWithoutData: readonly string[];
  /** Only who takes two at once can tell that two were asked for. */
  acceptsOverlaps: boolean;
}): Reports {
  const { clock, settings, directory, seed } = deps;
  const reports = new Map<string, Report>();
  const stop = new AbortController();
  const prepareMs = deps.prepareSeconds * 1000;

  const isRunning = ({ state, acceptedAtMs }: Report): boolean =>
    state === 'building' || (state !== 'failed' && clock.now() < acceptedAtMs + prepareMs);

  function running(member: string): number {
    const own = [...reports.values()].filter(({ request }) => request.member === member);
    return own.filter(isRunning).length;
  }

  function removeOld(): void {
    for (const [refId, report] of reports) {
      if (clock.now() < report.acceptedAtMs + KEPT_MS) continue;
      reports.delete(refId);
      void report.built.then(() => removeFiles(report));
    }
  }

  async function build(report: Report): Promise<void> {
    try {
      const rowCount = await writeFiles(report, stop.signal);
      if (report.state === 'building') report.state = rowCount === 0 ? 'empty' : 'built';
    } catch (error) {
      report.state = 'failed';
      if (!stop.signal.aborted) process.emitWarning(error instanceof Error ? error : String(error));
    }
  }

  return {
    running,
    start(request) {
      removeOld();
      if (!deps.acceptsOverlaps && running(request.member) > 0) return undefined;
      const nowMs = clock.now();
      const report = plan(request, nowMs, directory, seed, settings);
      const today = istanbulDay(nowMs);
      if (hasData(request.processDate, today, deps.datesWithoutData)) report.built = build(report);
      else report.state = 'empty';
      reports.set(report.refId, report);
      return report;
    },
    find(member, refId) {
      removeOld();
      const report = reports.get(refId);
      return report?.request.member === member ? report : undefined;
    },
    codeOf: (report) => codeOf(report, (clock.now() - report.acceptedAtMs) / prepareMs),
    fail(report) {
      report.state = 'failed';
    },
    async close() {
      stop.abort();
      await Promise.all([...reports.values()].map(({ built }) => built));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** @param share how much of the preparation time has gone by; above 1 once all of it has. */
async function codeOf(report: Report, share: number): Promise<string> {
  if (report.state === 'failed') return 'RP025';
  const waiting = WAITING_CODES.find(([endsAt]) => share < endsAt);
  if (waiting !== undefined) return waiting[1];
  // Small reports are ready on time, however short the time is.
  await Promise.race([report.built, sleep(DUE_FILE_WAIT_MS, undefined, { ref: false })]);
  return { building: 'RP023', built: '0000', empty: 'RP026', failed: 'RP025' }[report.state];
}

function plan(
  request: ReportRequest,
  nowMs: number,
  directory: string,
  seed: string,
  { shape }: Settings,
): Report {
  const { member, processDate, filters } = request;
  const plainText = request.fileType === 'csv' && shape.csvQuotes === 'never';
  const rowRequest = { seed, member, processDate, filters, rows: shape.rows, plainText };
  const base = { refId: newRefId(), request, shape };
  const reportType = processDate === istanbulDay(nowMs) ? 'RP013' : 'RP166';
  const files = planFiles(directory, base, reportType, istanbulStamp(nowMs));
  const state = 'building';
  return { ...base, rowRequest, files, state, acceptedAtMs: nowMs, built: Promise.resolve() };
}

/** Sundays, days to come, days that the calendar lacks and the days of the list hold no balances. */
function hasData(processDate: string, today: string, without: readonly string[]): boolean {
  const iso = processDate.replace(/(....)(..)(..)/, '$1-$2-$3');
  const day = new Date(`${iso}T00:00:00Z`);
  const isReal = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(iso);
  return isReal && day.getUTCDay() !== 0 && processDate <= today && !without.includes(processDate);
}

async function removeFiles(report: Report): Promise<void> {
  await Promise.all(report.files.map(({ path }) => rm(path, { force: true })));
}

/** Twenty letters and digits, as in the upstream's samples. */
function newRefId(): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from({ length: 20 }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

/** Reports as the gateway tells of them: asked for, followed to their end, described. */
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { CommandError, EXIT } from '../failures.ts';
import type { Localised } from '../language.ts';
import type { Progress } from '../output/progress.ts';
import { say, type Shell } from '../shell.ts';
import { RefusedError, UnreachableError, type Gateway } from './client.ts';
import { describeProblem, type Problem } from './problem.ts';

export interface Report {
  id: string;
  member: string;
  processDate: string;
  filters: Record<string, string>;
  state: 'queued' | 'preparing' | 'ready' | 'failed' | 'cancelled' | 'expired';
  createdAt: string;
  startsAt?: string;
  readyAt?: string;
  expiresAt?: string;
  refId?: string;
  rowCount?: number;
  queue?: { position: number };
  waiting?: { for: string; since?: string; retryAt?: string; detail?: string };
  estimate?: { readyAt: string };
  mks?: { code: string; description?: string; senderReference?: string; messageId?: string };
  problem?: Problem;
}

export const STATES: Record<Report['state'], Localised> = {
  queued: { en: 'queued', tr: 'sırada' },
  preparing: { en: 'preparing', tr: 'hazırlanıyor' },
  ready: { en: 'ready', tr: 'hazır' },
  failed: { en: 'failed', tr: 'başarısız' },
  cancelled: { en: 'cancelled', tr: 'iptal edildi' },
  expired: { en: 'expired', tr: 'süresi doldu' },
};

/** What holds a report up, by `waiting.for`; a word that is not among them is shown as it is. */
const WAITS: Record<string, Localised> = {
  turn: { en: 'other reports of the member come first', tr: 'önünde üyenin başka raporları var' },
  'outside-service-hours': { en: 'MKS is closed', tr: 'MKS kapalı' },
  'mks-busy': { en: 'another report is running at MKS', tr: 'MKS’de başka bir rapor çalışıyor' },
  'mks-unreachable': { en: 'MKS cannot be reached', tr: 'MKS’ye ulaşılamıyor' },
  'mks-error': { en: 'MKS is out of order', tr: 'MKS hata veriyor' },
  'mks-login-refused': { en: 'MKK refuses the login', tr: 'MKK oturumu reddediyor' },
  'mks-unknown-outcome': { en: 'MKS has not answered yet', tr: 'MKS henüz yanıt vermedi' },
  'member-paused': { en: 'the member is paused', tr: 'üye duraklatılmış' },
};

/** With a person who watches, the gateway is asked often; without, it says when there is an end. */
const WATCHED_SECONDS = 2;
const UNWATCHED_SECONDS = 60;
/** How long a gateway may be away, while a report is followed: long enough for it to start anew. */
const PATIENCE_MS = 90_000;
const PAUSE_MS = 1_000;

export interface Balances {
  processDate: string;
  member?: string;
  refresh?: boolean;
}

/**
 * Asks for balances, and waits for nothing.
 *
 * @param accept for the rows, which come at once where the report is ready.
 */
export async function askForBalances(
  gateway: Gateway,
  body: Balances,
  accept: string,
): Promise<{ id: string; rows?: Response }> {
  const response = await gateway.ask('balances', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept,
      prefer: 'respond-async',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify(body),
  });
  const id = response.headers.get('location')?.split('/').at(-1) ?? '';
  if (response.status === 200) return { id, rows: response };
  await response.body?.cancel();
  return { id };
}

export interface Following {
  progress: Progress;
  /** When to stop, in milliseconds from now; undefined: at the report's end. */
  waitMs?: number | undefined;
}

/**
 * Waits for a report's end, over a gateway that is away for a while.
 *
 * @returns the ready report.
 * @throws CommandError: it ended otherwise, or the wait is over; RefusedError, UnreachableError.
 */
export async function follow(
  shell: Shell,
  gateway: Gateway,
  id: string,
  { progress, waitMs = Infinity }: Following,
): Promise<Report> {
  const until = performance.now() + waitMs;
  const most = shell.stderr.isTTY ? WATCHED_SECONDS : UNWATCHED_SECONDS;
  let awaySince: number | undefined;
  for (let wait = 0; ; wait = most) {
    const left = Math.max(until - performance.now(), 0);
    const prefer = `wait=${Math.min(wait, Math.ceil(left / 1000))}`;
    try {
      const report = await gateway.read<Report>(`balances/${id}`, { headers: { prefer } });
      awaySince = undefined;
      if (report.state === 'ready') return report;
      if (report.state !== 'queued' && report.state !== 'preparing')
        throw endedOtherwise(shell, report);
      progress.show(describe(shell, report));
      if (performance.now() >= until) throw waitOver(shell, report);
    } catch (error) {
      if (!isPassing(error) || shell.signal.aborted) throw error;
      awaySince ??= performance.now();
      if (performance.now() > Math.min(awaySince + PATIENCE_MS, until)) throw error;
      progress.show(say(shell, { en: 'the gateway is away', tr: 'geçide ulaşılamıyor' }));
      const retryAfterMs = error instanceof RefusedError ? error.retryAfterMs : undefined;
      await pause(Math.min(retryAfterMs ?? PAUSE_MS, PATIENCE_MS), undefined, {
        signal: shell.signal,
      });
    }
  }
}

function isPassing(error: unknown): boolean {
  return (
    error instanceof UnreachableError ||
    (error instanceof RefusedError && error.exitCode === EXIT.later)
  );
}

function endedOtherwise(shell: Shell, report: Report): CommandError {
  const { id, problem, state } = report;
  const base = shell.env['MKS_GATEWAY_URL'] || 'http://127.0.0.1:3000';
  const title = `${headingOf(report)}: ${say(shell, STATES[state])} (${id})`;
  return new CommandError(
    problem === undefined ? title : `${title}\n${describeProblem(shell, problem, base)}`,
    { problem: problem ?? { state, id } },
  );
}

function waitOver(shell: Shell, report: Report): CommandError {
  const text = {
    en: `The wait is over; the report goes on: report ${report.id}`,
    tr: `Bekleme süresi doldu; rapor sürüyor: report ${report.id}`,
  };
  return new CommandError(`${describe(shell, report)}\n${say(shell, text)}`, {
    exitCode: EXIT.later,
    problem: { state: report.state, id: report.id },
  });
}

function headingOf({ member, processDate }: Report): string {
  return `${member} ${processDate}`;
}

/** How it stands, in one line. */
export function describe(shell: Shell, report: Report): string {
  const { state, queue, waiting, estimate } = report;
  const position = queue?.position ?? 0;
  const place = { en: `position ${position}`, tr: `${position}. sırada` };
  const about = { en: 'about', tr: 'yaklaşık' };
  const parts = [
    `${headingOf(report)}: ${say(shell, STATES[state])}`,
    state === 'queued' && position > 0 ? say(shell, place) : undefined,
    waiting && describeWaiting(shell, waiting),
    waiting === undefined && estimate !== undefined
      ? `${say(shell, about)} ${clockOf(estimate.readyAt)}`
      : undefined,
  ];
  return parts.filter((part) => part !== undefined).join(', ');
}

function describeWaiting(shell: Shell, waiting: NonNullable<Report['waiting']>): string {
  const known = WAITS[waiting.for];
  const cause = known === undefined ? waiting.for : say(shell, known);
  const detail = waiting.detail === undefined ? '' : ` (${waiting.detail})`;
  const again = waiting.retryAt === undefined ? '' : ` → ${clockOf(waiting.retryAt)}`;
  return `${cause}${detail}${again}`;
}

/** The gateway tells times as they are in Istanbul. */
export function clockOf(timestamp: string): string {
  return timestamp.slice(11, 16);
}

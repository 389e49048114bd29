/** What the steps share: pauses that grow, failures in the catalogue's words, and their ends. */
import { defined } from '../../lib/defined.ts';
import type { MksError } from '../../mks/errors.ts';
import type { MksMessage } from '../../mks/types.ts';
import { persistently } from '../persistently.ts';
import type { Next, Run } from '../run.ts';
import type { Failure, MksVerdict } from '../types.ts';

/** Asked again this often in a row after an answer that was lost, untrusted or an error (rule 6). */
const MAX_RETRIES = 5;
const LONGEST_PAUSE_MS = 15_000;
const GROWTH = 1.5;
/** While MKS is closed nobody polls it; we only look at our own clock again. */
const LONGEST_CLOSED_WAIT_MS = 60_000;

/** Codes of answers to a report that is still on its way (MKS 5.1.7, 6.1.7). */
export const Code = {
  success: '0000',
  busy: 'RP003',
  unknownRefId: 'RP018',
  failed: 'RP025',
  noData: 'RP026',
  referenceUsed: 'RP045',
} as const;
const WAITING = new Set(['RP020', 'RP021', 'RP022', 'RP023']);

export function isWaiting(code: string | undefined): boolean {
  return code !== undefined && WAITING.has(code);
}

/** Front-gateway and back-end codes that pass by themselves; the others need a hand. */
const TRANSIENT = new Set(['OI001', 'OI003', 'OI004', 'OI030', 'OI031', 'XS013', 'SYS0']);

/** Whether an error says that MKS cannot serve right now, so that another try may help. */
export function isTransient(error: MksError): boolean {
  if (error.code === 'mks-unreachable') return true;
  if (error.code !== 'mks-error') return false;
  const { mksCode, httpStatus = 0 } = error.details;
  if (mksCode !== undefined) return TRANSIENT.has(mksCode);
  return httpStatus >= 500 || httpStatus === 429;
}

/** Waits, a little longer each time, with jitter so that replicas and members spread. */
export async function pause(run: Run): Promise<number> {
  const pauses = run.record.pauses;
  await run.change({ set: { pauses: pauses + 1 }, silent: true });
  return pauseMs(run.options.statusPollMs, pauses);
}

/** @returns milliseconds: `first`, growing by half each time up to 15 s, ± 10 %. */
export function pauseMs(first: number, pauses: number): number {
  const grown = Math.min(first * GROWTH ** Math.min(pauses, 30), LONGEST_PAUSE_MS);
  return Math.max(1, Math.round(grown * (0.9 + Math.random() * 0.2)));
}

/** What an answer decided, for the askers to see. */
export function verdictOf(message: MksMessage): MksVerdict {
  return {
    code: message.code,
    description: message.description,
    senderReference: message.senderReference,
    ...defined({ messageId: message.messageId }),
  };
}

/** An error of the adapter as the report's failure. */
export function failureOf(error: MksError): Failure {
  const { outcome, senderReference, messageId, mksCode, mksDescription = '' } = error.details;
  return {
    code: error.code,
    detail: error.message,
    outcome,
    retryable: isTransient(error) || error.code === 'mks-unknown-outcome',
    ...defined({ senderReference }),
    ...(mksCode !== undefined && {
      mks: {
        code: mksCode,
        description: mksDescription,
        ...defined({ senderReference, messageId }),
      },
    }),
  };
}

/** The failure that MKS's signed business code is. */
export function rejection(message: MksMessage): Failure {
  return {
    code: 'mks-rejected',
    detail: `MKS answered ${message.code}`,
    outcome: 'refused',
    senderReference: message.senderReference,
    mks: verdictOf(message),
  };
}

/** The report has failed. The slot is free with it. */
export async function fail(run: Run, failure: Failure): Promise<undefined> {
  await run.change({
    set: { failure, ...defined({ mks: failure.mks }) },
    end: 'failed',
  });
  const { id, member } = run.record;
  run.log.warn(
    { report: id, member, problem: failure.code, detail: failure.detail },
    'report failed',
  );
  return undefined;
}

/** MKS refused with a business code that it signed. */
export async function reject(run: Run, message: MksMessage): Promise<undefined> {
  return fail(run, rejection(message));
}

/** MKS has no data for what was asked: a good report with no rows (RP026). */
export async function endEmpty(run: Run, message: MksMessage): Promise<undefined> {
  await endReady(run, { rowCount: 0, files: [], digest: '', mks: verdictOf(message) });
  return undefined;
}

/** The report is ready; kept from now on for the retention. */
export async function endReady(run: Run, set: Partial<Run['record']>): Promise<void> {
  const now = run.clock.now();
  await run.change({ set: { ...set, readyAt: now, attempts: 0 }, end: 'ready' });
  const { id, member, rowCount } = run.record;
  run.log.info({ report: id, member, rowCount, ms: now - run.record.createdAt }, 'report ready');
}

/** A read went wrong: asked again with a new reference, at most five times in a row (rule 6). */
export async function retryRead(run: Run, failure: Failure): Promise<Next> {
  const attempts = run.record.attempts + 1;
  if (attempts > MAX_RETRIES) return fail(run, failure);
  run.log.info(
    { report: run.record.id, problem: failure.code, detail: failure.detail, attempts },
    'asking MKS again',
  );
  await run.change({ set: { attempts }, silent: true });
  return pauseMs(run.options.statusPollMs, attempts - 1);
}

/**
 * A read that ended in an error. While logging in is paused nothing is sent, so nothing is counted:
 * MKS keeps the report. And who asks for time (429) is given it.
 */
export async function retryOrWait(run: Run, error: MksError): Promise<Next> {
  const { retryAfterMs = 0 } = error.details;
  const waitMs = Math.min(retryAfterMs, LONGEST_CLOSED_WAIT_MS);
  if (error.code === 'mks-login-refused' && error.outcome === 'not-sent' && waitMs > 0) {
    return waitMs;
  }
  const next = await retryRead(run, failureOf(error));
  return next === undefined ? undefined : Math.max(next, waitMs);
}

/** The upstream error of a message that says yes but leaves out what it should bring. */
export function incomplete(message: MksMessage, what: string): Failure {
  return {
    code: 'mks-error',
    detail: `MKS answered ${message.code} without ${what}`,
    outcome: 'unknown',
    senderReference: message.senderReference,
  };
}

/** MKS is closed: look again at its opening. */
export function waitForOpening(run: Run, error: MksError): number {
  const untilMs = (error.details.opensAt ?? 0) - run.clock.now();
  return Math.min(Math.max(untilMs, 1_000), LONGEST_CLOSED_WAIT_MS);
}

/** RP018: MKS does not know the refId (any more). The report starts over, once, in its turn. */
export async function startOver(run: Run, message: MksMessage): Promise<Next> {
  if (run.record.restarted === true || run.record.kind === 'follow') return reject(run, message);
  return restart(run, 'MKS lost the report: starting over');
}

/** No key opens the zip password any more: what MKS has made cannot be read. Starts over, once. */
export async function startOverUnreadable(run: Run, error: Error): Promise<Next> {
  if (run.record.restarted !== true) return restart(run, 'no key opens the report: starting over');
  return fail(run, { code: 'report-expired', detail: error.message, retryable: true });
}

async function restart(run: Run, why: string): Promise<Next> {
  const { id, member } = run.record;
  run.log.warn({ report: id, member, refId: run.record.refId }, why);
  const obsolete = ['refId', 'acceptedAt', 'acceptedOn', 'fileNames', 'sending'];
  const requeue = () => run.store.requeue(run.record, run.token, run.clock.now(), obsolete);
  if (await persistently(run.clock, requeue, run.signal)) {
    run.onSlotFree(member);
  }
  return undefined;
}

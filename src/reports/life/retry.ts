/**
 * What a report does about what went wrong: the one place that knows what passes by itself (rule 6).
 *
 * What passes is waited out, with pauses that grow, until the report's retention ends. What cannot be
 * believed, and what says yes but leaves out what it should bring, is asked again, five times in a
 * row at most.
 */
import { defined } from '../../lib/defined.ts';
import { isRetryable } from '../../mks/codes.ts';
import type { MksError } from '../../mks/errors.ts';
import type { Failure, WaitingFor } from '../types.ts';
import { fail } from './ends.ts';
import type { Next, Run } from './step.ts';

/** Answers in a row that cannot be believed. */
const MAX_ATTEMPTS = 5;
export const LONGEST_POLL_MS = 15_000;
const LONGEST_WAIT_MS = 60_000;
const GROWTH = 1.5;

/** What an error is waited out as; nothing when it does not pass by itself. */
export function passingOf({ code, details }: MksError): WaitingFor | undefined {
  if (details.tokenRefused === true) return 'mks-login-refused';
  // Nothing of the member starts until its key and certificate are mended, as when operators pause it.
  if (details.cannotSign !== undefined) return 'member-paused';
  switch (code) {
    case 'outside-service-hours':
    case 'mks-unreachable':
    case 'mks-unknown-outcome':
    case 'mks-login-refused':
      return code;
    case 'mks-error': {
      // A login that failed, or an answer without a code, a page for example, says nothing of the report.
      const isOfReport = details.outcome !== 'not-sent' && details.mksCode !== undefined;
      return isOfReport && !isRetryable(details.mksCode ?? '') ? undefined : code;
    }
    case 'mks-untrusted-response':
    case 'conflict':
    case 'state-unavailable':
      return undefined;
  }
}

/** @returns milliseconds: `first`, growing by half each time up to `longest`, ± 10 %. */
export function pauseMs(first: number, pauses: number, longest = LONGEST_POLL_MS): number {
  const grown = Math.min(first * GROWTH ** Math.min(pauses, 30), longest);
  return Math.max(1, Math.round(grown * (0.9 + Math.random() * 0.2)));
}

/** Between polls of a report that MKS is making: a little longer each time. */
export async function pause(run: Run): Promise<number> {
  const { pauses } = run.record;
  await run.change({ set: { pauses: pauses + 1 }, silent: true });
  return pauseMs(run.options.statusPollMs, pauses);
}

/** Why a report waits, as its askers read it. */
interface Why {
  for: WaitingFor;
  detail?: string;
  /** MKS or a pause of ours asks for so much time. */
  atLeastMs?: number;
}

/**
 * Waits out what passes by itself. Nobody's patience ends here but the retention's.
 * @returns milliseconds: grown, but a minute at most, so that what has been mended is soon seen.
 */
export async function waitOut(run: Run, why: Why): Promise<number> {
  const { pauses, waiting } = run.record;
  const isSame = waiting?.for === why.for;
  const longest = why.for === 'mks-busy' ? LONGEST_POLL_MS : LONGEST_WAIT_MS;
  const grown = pauseMs(run.options.statusPollMs, isSame ? pauses : 0, longest);
  const waitMs = Math.min(Math.max(grown, why.atLeastMs ?? 0), LONGEST_WAIT_MS);
  const now = run.clock.now();
  await run.change({
    set: {
      pauses: isSame ? pauses + 1 : 1,
      waiting: {
        for: why.for,
        since: isSame ? waiting.since : now,
        retryAt: now + waitMs,
        ...defined({ detail: why.detail }),
      },
    },
    silent: isSame,
  });
  if (!isSame) {
    const { id, member } = run.record;
    run.log.info({ report: id, member, waitingFor: why.for, detail: why.detail }, 'report waits');
  }
  return waitMs;
}

/** Waits out an error that passes by itself; else counts it, and fails with it in the end. */
export async function waitOutOrCount(run: Run, error: MksError): Promise<Next> {
  const passing = passingOf(error);
  if (passing === undefined) return askAgain(run, failureOf(error));
  const { opensAt, retryAfterMs = 0 } = error.details;
  const atLeastMs = opensAt === undefined ? retryAfterMs : opensAt - run.clock.now();
  return waitOut(run, { for: passing, detail: detailOf(error), atLeastMs });
}

/** For people: what was met, with the code that told it. */
function detailOf({ message, details }: MksError): string {
  const { mksCode, httpStatus } = details;
  const told = mksCode ?? (httpStatus === undefined ? undefined : `HTTP ${httpStatus}`);
  return told === undefined ? message : `${message} (${told})`;
}

/** What cannot be believed is asked again, with a new reference if it is a read. */
export async function askAgain(run: Run, failure: Failure): Promise<Next> {
  const attempts = run.record.attempts + 1;
  if (attempts >= MAX_ATTEMPTS) return fail(run, failure);
  const { id, pauses } = run.record;
  run.log.info(
    { report: id, problem: failure.code, detail: failure.detail, attempts },
    'asking MKS again',
  );
  await run.change({ set: { attempts, pauses: pauses + 1 }, silent: true });
  return pauseMs(run.options.statusPollMs, attempts - 1);
}

/** An error of the adapter as the report's failure. */
export function failureOf(error: MksError): Failure {
  const {
    outcome,
    service,
    senderReference,
    messageId,
    mksCode,
    mksDescription = '',
  } = error.details;
  const mks =
    mksCode === undefined
      ? undefined
      : {
          code: mksCode,
          description: mksDescription,
          ...defined({ service, senderReference, messageId }),
        };
  return {
    code: error.code,
    detail: error.message,
    outcome,
    retryable: passingOf(error) !== undefined,
    ...defined({ senderReference, mks }),
  };
}

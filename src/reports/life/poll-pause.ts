/**
 * When to ask next how far a report is: each question is a signature and a message to MKS, so it is
 * put when the member's last reports say that the answer may be yes.
 */
import type { StoredReport } from '../record.ts';
import { LONGEST_POLL_MS, pauseMs } from './retry.ts';
import type { Run } from './step.ts';

/** One duration alone may be far out. */
const ENOUGH_DURATIONS = 2;
const LONGEST_LEARNED_MS = 60_000;

/**
 * Milliseconds until the next poll.
 *
 * It is put where half of the reports that took longer than this one so far were made: of two polls
 * one finds it so, wherever the durations lie. A pause is never shorter than the first one; it is longer than
 * the longest (a minute at most) only while two thirds of the reports took longer still, so one
 * that is made early is seen soon too. Without durations pauses grow as ever.
 * @param sinceMs since MKS accepted the report; less than none where the clock was put back meanwhile.
 * @param preparations how long MKS took to make the member's last reports, in milliseconds.
 */
export function pollPauseMs(
  firstMs: number,
  pauses: number,
  sinceMs: number,
  preparations: readonly number[],
): number {
  const elapsedMs = Math.max(0, sinceMs);
  const known = preparations.toSorted((a, b) => a - b);
  const longer = known.filter((ms) => ms > elapsedMs);
  const target = longer[longer.length >> 1];
  if (target === undefined) return pauseMs(firstMs, pauses);
  const early = known.length < ENOUGH_DURATIONS ? 0 : (known[Math.floor(known.length / 3)] ?? 0);
  const longest = Math.max(LONGEST_POLL_MS, Math.min(early - elapsedMs, LONGEST_LEARNED_MS));
  return Math.min(Math.max(Math.ceil(target - elapsedMs), firstMs), longest);
}

/** The pause of a report that MKS has accepted and not made yet. */
export function pollPause({ record, preparations, clock, options }: Run, pauses: number): number {
  const now = clock.now();
  const elapsedMs = now - (record.acceptedAt ?? now);
  return pollPauseMs(options.statusPollMs, pauses, elapsedMs, preparations);
}

/**
 * How long MKS took to make a report that has just been found made: it was at some time after the
 * last poll that found it not so, and the middle between the two is the best guess. A poll that came
 * late thus teaches the next one to come earlier.
 */
export function preparationMs(record: StoredReport, now: number): number | undefined {
  const { acceptedAt, unmadeAt = acceptedAt } = record;
  if (acceptedAt === undefined || unmadeAt === undefined) return undefined;
  return Math.max(0, Math.round((unmadeAt + now) / 2 - acceptedAt));
}

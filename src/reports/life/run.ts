/**
 * One run of one report: step after step until it has ended or has to wait.
 *
 * Nothing that matters is held in memory: a run that dies is taken up by another from the record.
 * Each change is guarded by the run's token, so a run that was superseded cannot write, and since
 * every sending is recorded first, it cannot send either.
 */
import { randomUUID } from 'node:crypto';
import { shutOffText } from '../../lib/signing-faults.ts';
import { StateUnavailableError } from '../../state/errors.ts';
import { RunSupersededError } from '../errors.ts';
import { writePatiently } from './patient-write.ts';
import type { StoredReport } from '../record.ts';
import { askAgain, waitOut } from './retry.ts';
import type { Next, Run, RunDeps } from './step.ts';
import { fetchStep } from './fetch.ts';
import { requestStep } from './request.ts';
import { statusStep } from './status.ts';
import type { Due } from '../store.ts';

const steps = { request: requestStep, status: statusStep, fetch: fetchStep };

/** How a run is told to stop: at once, and for what is worth a few seconds more. */
export interface Stops {
  signal: AbortSignal;
  lateSignal: AbortSignal;
}

/**
 * Works on a report until it ends or has to wait.
 * @returns milliseconds to wait before the next run; nothing when there is no more to do.
 * @throws StateUnavailableError, and the signal's reason on abort: the report can be taken up again.
 */
export async function runReport(
  deps: RunDeps,
  due: Due,
  { signal, lateSignal }: Stops,
): Promise<Next> {
  const token = randomUUID();
  const claimed = await deps.store.claim(due.member, due.id, token);
  if (claimed === undefined) {
    deps.onSlotFree(due.member);
    return undefined;
  }
  const { preparations, ...record } = claimed;
  const { member } = due;
  const run: Run = {
    ...deps,
    record,
    preparations,
    token,
    signal,
    lateSignal,
    async change(change) {
      const grantsNext = deps.mayStart();
      const write = () =>
        deps.store.update(run.record, token, deps.clock.now(), { ...change, grantsNext });
      const updated = await writePatiently(deps.clock, write, signal);
      if (updated === undefined) throw new RunSupersededError();
      const next: StoredReport = { ...run.record, ...change.set };
      for (const field of change.remove ?? []) delete next[field];
      run.record = next;
      if (updated.granted !== undefined) deps.onGranted({ member, id: updated.granted });
    },
  };
  try {
    const fault = deps.shutOff(due.member);
    // Its secrets may not open now, which is no reason to make others, nor to give the report up.
    if (fault !== undefined) {
      const detail = shutOffText(due.member, fault).en;
      return await waitOut(run, { for: 'member-paused', detail });
    }
    for (;;) {
      signal.throwIfAborted();
      const waitMs = await steps[run.record.phase](run);
      if (waitMs === undefined || waitMs > 0) return waitMs;
    }
  } catch (error) {
    if (error instanceof RunSupersededError) return undefined;
    if (error instanceof StateUnavailableError || signal.aborted) throw error;
    return onMistake(run, error);
  }
}

/** A mistake of ours: told in full to the log, and not repeated for ever. */
async function onMistake(run: Run, error: unknown): Promise<Next> {
  let isOurs = true;
  try {
    return await askAgain(run, { code: 'internal', detail: 'an unexpected error' });
  } catch (later) {
    // It has expired, or is another's: its files were taken away from under this run.
    isOurs = !(later instanceof RunSupersededError);
    if (isOurs) throw later;
    return undefined;
  } finally {
    if (isOurs) run.log.error({ err: error, report: run.record.id }, 'a report step failed');
  }
}

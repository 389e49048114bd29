/**
 * Gives each member's slot in turn and has what holds it worked on: jobs and sweeper together.
 */
import type { Redis } from 'ioredis';
import { createOnceADay } from '../../lib/once-a-day.ts';
import { createPutBack, type PutBack } from '../../lib/put-back.ts';
import type { Hours } from '../../mks/hours.ts';
import type { Keys } from '../../state/keys.ts';
import type { Spool } from '../spool/spool.ts';
import type { Due } from '../store.ts';
import type { WaitingFor } from '../types.ts';
import { createJobs, type Jobs } from './jobs.ts';
import { runReport } from './run.ts';
import type { RunDeps } from './step.ts';
import { createSweeper } from './sweeper.ts';

/** What changed files may end at once. */
const ON_FILES: ReadonlySet<WaitingFor> = new Set(['mks-login-refused', 'member-paused']);

export interface Turns {
  /** Gives the member's slot to the next in turn, if it is free; should it fail, the sweeper does. */
  offerSlot(member: string): Promise<void>;
  /**
   * Has a report that MKS has accepted worked on.
   * @throws StateUnavailableError.
   */
  resume(due: Due): Promise<void>;
  /** Has at once looked at what waits for a login or for its member. @throws StateUnavailableError. */
  wake(): Promise<void>;
  /** Lets go of the runs under way, at the latest after `deadlineMs`. */
  close(deadlineMs: number): Promise<void>;
}

export function createTurns(deps: {
  run: Omit<RunDeps, 'isNewsToday' | 'mayStart' | 'onSlotFree' | 'onGranted'>;
  connections: { commands: Redis; blocking: Redis };
  keys: Keys;
  hours: Hours;
  members: () => readonly string[];
  spool: Spool;
}): Turns {
  const { connections, keys, hours, members, spool } = deps;
  const { store, clock, log, options } = deps.run;
  const run: RunDeps = {
    ...deps.run,
    isNewsToday: createOnceADay(clock),
    mayStart: () => hours.isOpen(),
    onSlotFree: (member) => void offerSlot(member),
    onGranted: (due) => void leftToSweeper(jobs.add(due)),
  };
  const putBack = createPutBack(clock);
  const jobs = createJobs({
    connections,
    keys,
    log,
    // What is left of a member that was taken out waits for its return, or expires.
    work: async (due, stops) =>
      members().includes(due.member) ? runReport(run, due, stops).finally(putBack.note) : undefined,
  });

  async function schedule(member: string): Promise<void> {
    if (!hours.isOpen()) return;
    const id = await store.grant(member, clock.now());
    if (id !== undefined) await jobs.add({ member, id });
  }
  const sweeper = createSweeper({
    store,
    members,
    schedule,
    resumeLost: createResumeLost(jobs, putBack),
    onExpired: (ids) => spool.remove(ids),
    // A report whose files have just been put in place is still being prepared.
    sweepSpool: () =>
      spool.sweep(async (id) =>
        ['preparing', 'ready'].includes((await store.get(id))?.state ?? ''),
      ),
    now: () => clock.now(),
    retentionMs: options.retentionMs,
    log,
  });
  function leftToSweeper(work: Promise<void>): Promise<void> {
    return work.catch((error: unknown) => log.debug({ err: error }, 'left to the sweeper'));
  }
  function offerSlot(member: string): Promise<void> {
    return leftToSweeper(schedule(member));
  }

  return {
    offerSlot,
    resume: (due) => jobs.add(due),
    wake: () => wakeOnFiles(store, jobs),
    close(deadlineMs) {
      sweeper.close();
      return jobs.close(deadlineMs);
    },
  };
}

async function wakeOnFiles(store: RunDeps['store'], jobs: Jobs): Promise<void> {
  const dues = await store.active();
  await Promise.all(
    dues.map(async (due) => {
      const waiting = (await store.get(due.id))?.waiting?.for;
      if (waiting !== undefined && ON_FILES.has(waiting)) await jobs.wake(due);
    }),
  );
}

/** Adds the jobs that were lost, and wakes all once the wall clock was put back, by which they are put off. */
function createResumeLost(jobs: Jobs, putBack: PutBack): (dues: readonly Due[]) => Promise<void> {
  let isWakingDue = false;
  return async (dues) => {
    await jobs.addLost(dues);
    // Without Redis they are still to be woken at the next sweep.
    isWakingDue ||= putBack.look();
    if (isWakingDue) await Promise.all(dues.map((due) => jobs.wake(due)));
    isWakingDue = false;
  };
}

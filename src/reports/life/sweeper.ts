/**
 * Every few seconds, in every replica: gives free slots to those who wait, has lost jobs found
 * again, and does what is due. All of it may be done by many at once.
 */
import type { Logger } from 'pino';
import { StateUnavailableError } from '../../state/errors.ts';
import type { Due, ReportStore } from '../store.ts';

const SWEEP_MS = 5_000;
/** The spool is looked through once in so many sweeps. */
const SPOOL_SWEEP_EVERY = 120;
/** Asked of Redis together: a round trip each would let what is due pile up. */
const DUE_AT_ONCE = 200;
/** What is still due after this long is left to the next sweep, so that slots are given meanwhile. */
const EXPIRING_MS = 4_000;

export interface Sweeper {
  close(): void;
}

export function createSweeper(deps: {
  store: ReportStore;
  members: () => readonly string[];
  /** Grants the member's slot if it can be granted. */
  schedule: (member: string) => Promise<void>;
  /** Has those of the granted reports worked on that have lost their job. */
  resumeLost: (dues: readonly Due[]) => Promise<void>;
  /** Called with those that were done together, once for all of them. */
  onExpired: (ids: readonly string[]) => Promise<void>;
  sweepSpool: () => Promise<void>;
  now: () => number;
  retentionMs: number;
  log: Logger;
}): Sweeper {
  const { store, log } = deps;
  let sweeps = 0;
  let isRunning = false;

  async function sweep(): Promise<void> {
    const members = deps.members();
    await deps.resumeLost((await store.active()).filter(({ member }) => members.includes(member)));
    for (const member of await store.idle(members)) await deps.schedule(member);
    const now = deps.now();
    await expireAll(now);
    if (sweeps % SPOOL_SWEEP_EVERY === 0) await deps.sweepSpool();
    sweeps += 1;
  }

  /** Until nothing is due: each that was done is due later or gone. */
  async function expireAll(now: number): Promise<void> {
    const began = performance.now();
    let found: Due[];
    do {
      found = await store.due(now, DUE_AT_ONCE);
      const done = await Promise.all(
        found.map(async (due) => {
          const result = await store.expire(due, now, now + deps.retentionMs);
          return result === 'later' ? [] : [due.id];
        }),
      );
      await deps.onExpired(done.flat());
    } while (found.length === DUE_AT_ONCE && performance.now() - began < EXPIRING_MS);
  }

  async function guarded(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    try {
      await sweep();
    } catch (error) {
      // Redis away is told by its connection; the next sweep comes anyway.
      if (!(error instanceof StateUnavailableError)) log.error({ err: error }, 'sweep failed');
    } finally {
      isRunning = false;
    }
  }
  const timer = setInterval(() => void guarded(), SWEEP_MS);
  void guarded();
  return { close: () => clearInterval(timer) };
}

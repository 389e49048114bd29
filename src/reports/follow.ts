/** Waiting for a report and following it, from any replica: wake-ups, and a look every 5 s. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../lib/clock.ts';
import { gatheredOnce } from '../lib/gathered.ts';
import { hasEnded } from './record.ts';
import type { Desk, Report } from './types.ts';
import type { WakeUps } from './wake-ups.ts';

/** A lost wake-up costs this much and not an event. */
const RECHECK_MS = 5_000;
/** Made once: an abort makes an error with a stack of its own else, for each who waits. */
const ENOUGH = new Error('nobody listens any more');
/** A follower looks at most once in so many milliseconds, however often others in the queue change. */
const QUIET_MS = 1_000;

export function createFollowing(deps: {
  get: (id: string) => Promise<Report | undefined>;
  wakeUps: WakeUps;
  clock: Clock;
}): Pick<Desk, 'waitForEnd' | 'follow'> {
  const { wakeUps, clock } = deps;
  // Thousands who wait for a report are woken together, and each must see what is there after he has
  // begun to listen: one read for all of them.
  const get = gatheredOnce(String, (ids: readonly string[]) => Promise.all(ids.map(deps.get)));

  /** Reads the report while already listening, so that no change falls between the two. */
  async function look(
    id: string,
    topic: (report: Report) => string,
    timeoutMs: number,
    signal: AbortSignal,
  ) {
    const listening = new AbortController();
    const stop = (): void => listening.abort(ENOUGH);
    const both = AbortSignal.any([signal, listening.signal]);
    const woken = wakeUps.wait(id, Math.min(timeoutMs, RECHECK_MS), both);
    const report = await get(id).catch((error: unknown) => {
      stop();
      throw error;
    });
    if (report === undefined || hasEnded(report.state)) stop();
    else if (topic(report) !== id) {
      // A place in turn changes with other reports of the member, so their wake-ups count too.
      const others = wakeUps.wait(topic(report), Math.min(timeoutMs, RECHECK_MS), both);
      return { report, woken: Promise.race([woken, others]).finally(stop) };
    }
    return { report, woken };
  }

  return {
    async waitForEnd(id, timeoutMs, signal) {
      const endMs = clock.elapsedMs() + timeoutMs;
      for (;;) {
        const leftMs = Math.max(0, endMs - clock.elapsedMs());
        const { report, woken } = await look(id, () => id, leftMs, signal);
        const isOver = leftMs === 0 || signal.aborted;
        if (report === undefined || hasEnded(report.state) || isOver) return report;
        await woken;
      }
    },
    async *follow(id, signal) {
      let seen = '';
      while (!signal.aborted) {
        const topic = (report: Report) => (report.state === 'queued' ? report.member : id);
        const lookedAt = clock.elapsedMs();
        const { report, woken } = await look(id, topic, RECHECK_MS, signal);
        if (report === undefined) return;
        // The place is not in the record, so it has to be compared besides the version.
        const state = `${report.version} ${report.position ?? ''} ${report.startsAt ?? ''}`;
        const isNews = state !== seen;
        seen = state;
        if (isNews) yield report;
        if (hasEnded(report.state)) return;
        if (!isNews) await woken;
        const leftMs = Math.max(0, QUIET_MS - (clock.elapsedMs() - lookedAt));
        await sleep(leftMs, undefined, { signal }).catch(() => undefined);
      }
    },
  };
}

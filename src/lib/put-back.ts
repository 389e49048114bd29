/** Notices that the wall clock was put back: what was put off until a time of before would wait for it to come again. */
import type { Clock } from './clock.ts';

/** Clocks are slewed by less; a step is more. */
const STEP_MS = 2_000;

export interface PutBack {
  /** Something is put off by the wall clock now: however soon it is put back after this, the next look tells of it. */
  note(): void;
  /** Whether the wall clock has been put back since the last look or what was noted since, or since this was made. */
  look(): boolean;
}

export function createPutBack(clock: Clock): PutBack {
  const ahead = (): number => clock.now() - clock.elapsedMs();
  let most = ahead();
  return {
    note: () => void (most = Math.max(most, ahead())),
    look() {
      const before = most;
      most = ahead();
      return before - most > STEP_MS;
    },
  };
}

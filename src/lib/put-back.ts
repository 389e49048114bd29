/** Notices that the wall clock was put back: what was put off until a time of before would wait for it to come again. */
import type { Clock } from './clock.ts';

/** Clocks are slewed by less; a step is more. */
const STEP_MS = 2_000;

/** @returns whether the wall clock has been put back since the last look, or since this was made. */
export function createPutBackLook(clock: Clock): () => boolean {
  const ahead = (): number => clock.now() - clock.elapsedMs();
  let before = ahead();
  return () => {
    const last = before;
    before = ahead();
    return last - before > STEP_MS;
  };
}

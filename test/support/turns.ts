/** Counts turns of the event loop, to see which of them two things share. */
import type { Cleanup } from './cleanup.ts';

/** @returns how many there have been since; counted until the test ends. */
export function countTurns(t: Cleanup): () => number {
  let turns = 0;
  const count = (): void => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  t.after(() => clearImmediate(next));
  return () => turns;
}

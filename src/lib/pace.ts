/** Bounds what many do in one turn of the event loop, so that nobody else waits for all of them. */

/** Resolves when there is room for so many bytes, first come first served. */
export type Pace = (bytes: number) => Promise<void>;

/** @param bytesPerTurn after which the others wait for the loop's next turn. */
export function createPace(bytesPerTurn: number): Pace {
  const waiting: { bytes: number; go: () => void }[] = [];
  let left = bytesPerTurn;
  let isArmed = false;

  function arm(): void {
    if (isArmed) return;
    isArmed = true;
    setImmediate(turn);
  }
  function turn(): void {
    isArmed = false;
    left = bytesPerTurn;
    while (left > 0) {
      const next = waiting.shift();
      if (next === undefined) return;
      left -= next.bytes;
      next.go();
    }
    arm();
  }
  return async (bytes) => {
    arm();
    if (left > 0 && waiting.length === 0) left -= bytes;
    else await new Promise<void>((go) => waiting.push({ bytes, go }));
  };
}

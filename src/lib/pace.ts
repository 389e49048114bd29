/** Bounds what many do in one turn of the event loop, so that nobody else waits for all of them. */

/** Calls when there is room for so much (bytes, requests): at once or in a later turn, first come first served. */
export type Pace = (amount: number, go: () => void) => void;

/** @param amountPerTurn after which the others wait for the loop's next turn. */
export function createPace(amountPerTurn: number): Pace {
  const waiting: { amount: number; go: () => void }[] = [];
  let left = amountPerTurn;
  let isArmed = false;

  function arm(): void {
    if (isArmed) return;
    isArmed = true;
    setImmediate(turn);
  }
  function turn(): void {
    isArmed = false;
    left = amountPerTurn;
    while (left > 0) {
      const next = waiting.shift();
      if (next === undefined) return;
      left -= next.amount;
      next.go();
    }
    arm();
  }
  return (amount, go) => {
    arm();
    if (left <= 0 || waiting.length > 0) {
      waiting.push({ amount, go });
      return;
    }
    left -= amount;
    go();
  };
}

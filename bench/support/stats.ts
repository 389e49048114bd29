/** What is told of several runs: the least, the middle, the most; of ratios too, run by run. */

export interface Spread {
  min: number;
  median: number;
  max: number;
}

/** @throws RangeError without values: nothing was measured, and that is no zero. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  // Of an even number of them, what lies between the two in the middle.
  const low = sorted[(sorted.length - 1) >> 1];
  const high = sorted[sorted.length >> 1];
  if (low === undefined || high === undefined) throw new RangeError('there are no values');
  return { min: quantile(values, 0), median: (low + high) / 2, max: quantile(values, 1) };
}

/** The value below which that share of them lies, by nearest rank. @throws RangeError without values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
  if (value === undefined) throw new RangeError('there are no values');
  return value;
}

/**
 * How many times the peer's cost ours is, run by run: what disturbs the machine for a while disturbs
 * both sides of one run, and leaves the ratio.
 */
export function ratios(ours: readonly number[], peer: readonly number[], isRate = false): number[] {
  return ours.map((value, run) => {
    const other = peer[run] ?? Number.NaN;
    return isRate ? other / value : value / other;
  });
}

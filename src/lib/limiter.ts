/** Lets a bounded number of tasks run at once; the others wait in order. */

export type Limiter = <T>(task: () => Promise<T>) => Promise<T>;

/** @param places how many tasks may run at the same time, at least 1. */
export function createLimiter(places: number): Limiter {
  const waiting: (() => void)[] = [];
  let free = places;
  return async (task) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      // The place goes straight to the next in line, so nobody can slip in between.
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}

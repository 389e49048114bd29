/** Time, injected: the wall clock for what people read, the monotonic one for what is measured. */

export interface Clock {
  /** Wall time in milliseconds since the epoch. It may jump. */
  now(): number;
  /** Milliseconds on a clock that only goes forward; good for differences alone. */
  elapsedMs(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsedMs: () => performance.now(),
};

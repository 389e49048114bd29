/** Counts failures by a name, each in a window of its own, in a bounded room. */

export interface FailureWindow {
  /** @returns milliseconds until the name may try again; 0 when it may now. */
  blockedMs(name: string): number;
  note(name: string): void;
}

export interface FailureWindowOptions {
  /** Failures in a window after which the name is blocked for the rest of it. */
  limit: number;
  windowMs: number;
  /** So many names are remembered; the one whose window began first is forgotten for a new one. */
  maxNames: number;
}

/** @param elapsedMs the monotonic clock. */
export function createFailureWindow(
  { limit, windowMs, maxNames }: FailureWindowOptions,
  elapsedMs: () => number,
): FailureWindow {
  /** In the order in which the windows began. */
  const windows = new Map<string, { failures: number; endsAt: number }>();

  function current(name: string) {
    const found = windows.get(name);
    if (found === undefined || found.endsAt > elapsedMs()) return found;
    windows.delete(name);
    return undefined;
  }
  return {
    blockedMs(name) {
      const found = current(name);
      return found === undefined || found.failures < limit ? 0 : found.endsAt - elapsedMs();
    },
    note(name) {
      const found = current(name);
      if (found !== undefined) {
        found.failures += 1;
        return;
      }
      const [oldest] = windows.keys();
      if (windows.size >= maxNames && oldest !== undefined) windows.delete(oldest);
      windows.set(name, { failures: 1, endsAt: elapsedMs() + windowMs });
    },
  };
}

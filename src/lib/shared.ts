/** One answer for all who ask at the same time. */

/**
 * Shares one run among all who ask while it is under way or its result is younger than `keptMs`.
 * A failure is not kept.
 * @param elapsedMs the monotonic clock.
 */
export function shared<T>(
  keptMs: number,
  elapsedMs: () => number,
  run: () => Promise<T>,
): () => Promise<T> {
  let current: Promise<T> | undefined;
  let endedAt: number | undefined;

  async function settle(started: Promise<T>): Promise<void> {
    try {
      await started;
      if (current === started) endedAt = elapsedMs();
    } catch {
      // Whoever asked has the failure; the next to ask starts anew.
      if (current === started) current = undefined;
    }
  }
  return () => {
    const isFresh = endedAt === undefined || elapsedMs() - endedAt < keptMs;
    if (current !== undefined && isFresh) return current;
    endedAt = undefined;
    const started = run();
    current = started;
    void settle(started);
    return started;
  };
}

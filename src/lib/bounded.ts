/** Waiting with an end, for those who would rather have no answer than a late one. */

/** Nothing came in time. */
export class TimeIsUpError extends Error {
  override readonly name = 'TimeIsUpError';

  constructor(limitMs: number) {
    super(`no answer within ${limitMs} ms`);
  }
}

/**
 * Waits for a promise, but no longer than `limitMs`; what becomes of it later interests nobody.
 * @throws TimeIsUpError, or what the promise rejects with.
 */
export async function bounded<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new TimeIsUpError(limitMs)), limitMs);
  });
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

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

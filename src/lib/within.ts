/** Waiting with an end: for those who would rather have no answer than a late one. */

/** Nothing came in time. */
export class TimeIsUpError extends Error {
  override readonly name = 'TimeIsUpError';
  /** As Node names it. */
  readonly code = 'ETIMEDOUT';

  constructor(limitMs: number) {
    super(`no answer within ${limitMs} ms`);
  }
}

/**
 * Waits for a promise, but no longer than `limitMs`; what becomes of it later interests nobody.
 * @throws TimeIsUpError, or what the promise rejects with.
 */
export async function within<T>(limitMs: number, promise: Promise<T>): Promise<T> {
  const { promise: limit, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new TimeIsUpError(limitMs)), limitMs);
  promise.catch(() => undefined);
  try {
    return await Promise.race([promise, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until a promise has settled, however, but no longer than `limitMs`. */
export async function settledWithin(
  limitMs: number,
  promise: Promise<unknown> | undefined,
): Promise<void> {
  if (promise !== undefined) await within(limitMs, promise).catch(() => undefined);
}

/**
 * Waits for a result until the signal is aborted; then throws the error, while the work goes on.
 * @param error made only if it is needed.
 */
export async function untilAborted<T>(
  result: Promise<T>,
  signal: AbortSignal | undefined,
  error: () => Error,
): Promise<T> {
  if (signal === undefined) return result;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(error());
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal.aborted) onAbort();
    return await Promise.race([result, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

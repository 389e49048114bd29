/** Waiting that a caller can give up without ending what is waited for. */
import { MksError } from './errors.ts';

/**
 * Waits for a result until the signal is aborted; then throws the error, while the work goes on.
 * @param error made only if it is needed.
 */
export async function whileWaited<T>(
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

/** The caller gave up before the message left. */
export function givenUp(senderReference: string | undefined): MksError {
  return new MksError('mks-unreachable', 'the caller gave up before anything was sent', {
    outcome: 'not-sent',
    ...(senderReference !== undefined && { senderReference }),
  });
}

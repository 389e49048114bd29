/** Writes that must not be lost to a short absence of Redis: what MKS has answered, above all. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../lib/clock.ts';
import { StateUnavailableError } from '../../state/errors.ts';

const PATIENCE_MS = 15_000;
const RETRY_MS = 200;

/**
 * Repeats a guarded write, which may run twice without harm, while Redis is away.
 * @throws StateUnavailableError after 15 s or on abort; any other failure at once.
 */
export async function writePatiently<T>(
  clock: Clock,
  write: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  const endMs = clock.elapsedMs() + PATIENCE_MS;
  for (;;) {
    try {
      return await write();
    } catch (error) {
      const mayWait = error instanceof StateUnavailableError && clock.elapsedMs() < endMs;
      if (!mayWait || signal?.aborted === true) throw error;
      await sleep(RETRY_MS);
    }
  }
}

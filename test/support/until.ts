/** Waits for what has no event of its own. */
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @param pauseMs between two looks: longer where a look is dear.
 * @throws Error when it does not become true in time.
 */
export async function until(
  isTrue: () => boolean | Promise<boolean>,
  timeoutMs = 10_000,
  pauseMs = 20,
): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`not within ${timeoutMs} ms: ${String(isTrue)}`);
    await sleep(pauseMs);
  }
}

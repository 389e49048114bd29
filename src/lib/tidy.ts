/**
 * Gives back what a start has left: V8 looks for garbage when it needs room, which a gateway at rest never does,
 * so that what the loading of modules took would be kept for days, a fifth of a resting gateway's memory.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const LOOK_MS = 1_000;
/** Whoever is busier than that has callers, who would wait for a tenth of a second. */
const REST_SHARE = 0.05;

/**
 * Collects once, and with all that V8 can give back, as soon as the process has been at rest between two looks. A
 * process that ends is not held up.
 * @throws Error by the promise, where this V8 does not let itself be told.
 */
export async function tidyAtRest(lookMs = LOOK_MS): Promise<void> {
  await rest(lookMs);
  collect();
}

function rest(lookMs: number): Promise<void> {
  return new Promise((resolve) => {
    let before = performance.eventLoopUtilization();
    const looking = setInterval(() => {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      if (utilization > REST_SHARE) return;
      clearInterval(looking);
      resolve();
    }, lookMs).unref();
  });
}

/** Node has no call for it without a flag, which every way to start a gateway would have to bear. */
function collect(): void {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as NodeJS.GCFunction;
  // Not for others to call.
  setFlagsFromString('--no-expose-gc');
  collectGarbage({ type: 'major', flavor: 'last-resort' });
}

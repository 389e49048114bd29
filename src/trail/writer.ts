/**
 * Writes acts down for many who wait: what comes while one write is being synced goes with the next.
 * A failure is everybody's who waited for that write.
 */
import { afterCrowd } from '../lib/gathered.ts';
import type { Act, OwnLine } from './act.ts';
import { reasonOf, TrailUnavailableError } from './errors.ts';
import type { ChainKeeper } from './keeper.ts';

export interface TrailWriter {
  /** Resolves when the lines are on disk. @throws TrailUnavailableError. */
  append(...contents: readonly (Act | OwnLine)[]): Promise<void>;
  /** Looks whether lines can be written; begins a chain if there is none. @throws TrailUnavailableError. */
  look(): Promise<void>;
  /** Writes what waits, and lets go of the file. */
  close(): Promise<void>;
}

interface Waiting {
  /** None: nothing but a look. */
  contents: readonly (Act | OwnLine)[];
  resolve: () => void;
  reject: (error: TrailUnavailableError) => void;
}

/** A line is some 400 bytes. */
const MAX_BATCH = 1_000;
/** Beyond it the disk does not keep up, and whoever comes is told so. */
const MAX_WAITING = 20_000;

export function createTrailWriter(keeper: ChainKeeper): TrailWriter {
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;

  function enter(...contents: readonly (Act | OwnLine)[]): Promise<void> {
    if (waiting.length >= MAX_WAITING) {
      return Promise.reject(new TrailUnavailableError('too much waits for the disk'));
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    waiting.push({ contents, resolve, reject });
    writing ??= writeAll();
    return promise;
  }

  async function writeAll(): Promise<void> {
    // Who comes at the same time goes with the first batch.
    await afterCrowd(() => waiting.length);
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MAX_BATCH);
      waiting = waiting.slice(MAX_BATCH);
      try {
        await keeper.write(batch.flatMap(({ contents }) => contents));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        const refusal = new TrailUnavailableError(reasonOf(error), { cause: error });
        for (const { reject } of batch) reject(refusal);
      }
    }
    // In the same breath as the look at what waits, so that nothing can fall between the two.
    writing = undefined;
  }

  return {
    append: enter,
    look: () => enter(),
    async close() {
      await writing;
      await keeper.close();
    },
  };
}

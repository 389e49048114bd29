/** Sealed things picked out of many, to see whether the keys at hand are those that sealed. */
import type { Redis } from 'ioredis';
import { stateful } from './connection.ts';
import type { Keys } from './keys.ts';

export interface SealedSample {
  memberCode: string;
  /** As it was sealed for. */
  purpose: string;
  sealed: string;
}

/** Picks some of what one kind of thing has sealed for a member. @throws StateUnavailableError, errors of the file system. */
export type Sampler = (
  place: { redis: Redis; keys: Keys; dataDir: string },
  memberCode: string,
) => Promise<SealedSample[]>;

/** From each end. */
const SAMPLES = 5;

/**
 * The oldest and the newest: a key that was taken out has sealed the first, one that was exchanged the last.
 * @param inOrder of their making.
 */
export function endsOf(inOrder: readonly string[]): string[] {
  return [...new Set([...inOrder.slice(0, SAMPLES), ...inOrder.slice(-SAMPLES)])];
}

/** The same of an index in Redis, by ids. @throws StateUnavailableError. */
export async function endsOfIndex(redis: Redis, index: string): Promise<string[]> {
  const [oldest, newest] = await stateful(
    Promise.all([redis.zrange(index, 0, SAMPLES - 1), redis.zrange(index, -SAMPLES, -1)]),
  );
  return endsOf([...oldest, ...newest]);
}

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

/** Picks some of what one kind of thing has sealed for a member. @throws StateUnavailableError. */
export type Sampler = (
  place: { redis: Redis; keys: Keys },
  memberCode: string,
) => Promise<SealedSample[]>;

/** From each end. */
const SAMPLES = 5;

/**
 * The oldest and the newest ids of an index: a key that was taken out has sealed the first, one that was
 * exchanged the last.
 * @throws StateUnavailableError.
 */
export async function endsOf(redis: Redis, index: string): Promise<string[]> {
  const [oldest, newest] = await stateful(
    Promise.all([redis.zrange(index, 0, SAMPLES - 1), redis.zrange(index, -SAMPLES, -1)]),
  );
  return [...new Set([...oldest, ...newest])];
}

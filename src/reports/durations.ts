/** How long each member's last reports took: what estimates and the times of polls are made of. */
import type { Redis } from 'ioredis';
import { stateful } from '../state/connection.ts';
import type { Keys } from '../state/keys.ts';

/** Of each member, by the script that ends a report. */
export const DURATIONS_KEPT = 20;

export interface Durations {
  /** How long the member's last reports took, in milliseconds. */
  durations(member: string): Promise<number[]>;
  /** How long MKS took to make the member's last reports, in milliseconds. */
  preparations(member: string): Promise<number[]>;
}

/** @throws StateUnavailableError from all methods when Redis cannot be reached. */
export function createDurations(redis: Redis, keys: Keys): Durations {
  const read = async (key: string): Promise<number[]> =>
    (await stateful(redis.lrange(key, 0, -1))).map(Number);

  return {
    durations: (member) => read(keys.durations(member)),
    preparations: (member) => read(keys.preparations(member)),
  };
}

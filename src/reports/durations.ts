/** How long each member's last reports took: what estimates are made of. */
import type { Redis } from 'ioredis';
import { stateful } from '../state/connection.ts';
import type { Keys } from '../state/keys.ts';

/** Of each member, by the script that ends a report. */
export const DURATIONS_KEPT = 20;

export interface Durations {
  /** How long the member's last reports took, in milliseconds. */
  durations(member: string): Promise<number[]>;
}

/** @throws StateUnavailableError when Redis cannot be reached. */
export function createDurations(redis: Redis, keys: Keys): Durations {
  return {
    async durations(member) {
      return (await stateful(redis.lrange(keys.durations(member), 0, -1))).map(Number);
    },
  };
}

/** How long each member's last reports took: what an estimate is made of. */
import type { Redis } from 'ioredis';
import { stateful } from '../state/connection.ts';
import type { Keys } from '../state/keys.ts';

const KEPT = 20;

export interface Durations {
  /** Notes how long a report took from its turn to its end, in milliseconds. */
  noteDuration(member: string, durationMs: number): Promise<void>;
  /** How long the member's last reports took, in milliseconds. */
  durations(member: string): Promise<number[]>;
}

/** @throws StateUnavailableError from both methods when Redis cannot be reached. */
export function createDurations(redis: Redis, keys: Keys): Durations {
  return {
    async noteDuration(member, durationMs) {
      const key = keys.durations(member);
      const noted = redis
        .multi()
        .lpush(key, durationMs)
        .ltrim(key, 0, KEPT - 1);
      await stateful(noted.exec());
    },
    async durations(member) {
      return (await stateful(redis.lrange(keys.durations(member), 0, -1))).map(Number);
    },
  };
}

/** How long each member's last reports took: what estimates and the times of polls are made of. */
import type { Redis } from 'ioredis';
import { stateful } from '../state/connection.ts';
import type { Keys } from '../state/keys.ts';

const KEPT = 20;

export interface Durations {
  /** Notes how long a report took from its turn to its end, and MKS to make it, in milliseconds. */
  noteDuration(member: string, durationMs: number, preparationMs?: number): Promise<void>;
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
    async noteDuration(member, durationMs, preparationMs) {
      const noted = redis.multi();
      const note = (key: string, ms: number) => noted.lpush(key, ms).ltrim(key, 0, KEPT - 1);
      note(keys.durations(member), durationMs);
      if (preparationMs !== undefined) note(keys.preparations(member), preparationMs);
      await stateful(noted.exec());
    },
    durations: (member) => read(keys.durations(member)),
    preparations: (member) => read(keys.preparations(member)),
  };
}

/** Counts requests for all replicas: those of one turn of the event loop with one round trip. */
import type { Redis } from 'ioredis';
import { gathered } from '../lib/gathered.ts';
import { stateful } from './connection.ts';
import { runScript } from './script.ts';
import { countRequests } from './scripts/requests.ts';

/** In the words of @fastify/rate-limit. */
export interface RequestCount {
  /** How many requests there are in the window, this one counted. */
  current: number;
  /** How long until the window is over, in milliseconds. */
  ttl: number;
}

interface Counted {
  name: string;
  /** Begins with the first request of the name. */
  windowMs: number;
}

/**
 * @param redis fails fast: every request waits for it.
 * @param prefix what the keys start with.
 * @returns counts a request of this name; a name has one length of its windows.
 *   Throws StateUnavailableError.
 */
export function createRequestCounts(
  redis: Redis,
  prefix: string,
): (name: string, windowMs: number) => Promise<RequestCount> {
  const count = gathered(async (requests: readonly Counted[]) => {
    const groups = [...Map.groupBy(requests, ({ name }) => name)];
    const counts = groups.map(([name, { length: by, 0: first }]) => ({
      name: prefix + name,
      by,
      windowMs: first?.windowMs ?? 0,
    }));
    const found = await stateful(runScript(redis, countRequests, [], { counts }));
    // Each gets a number of its own, as if they had come one after another.
    const answers = new Map(
      groups.map(([name, { length }], index) => {
        const [total = 0, ttl = 0] = found[index] ?? [];
        return [name, { current: total - length, ttl }];
      }),
    );
    return requests.map(({ name }) => {
      const answer = answers.get(name) ?? { current: 0, ttl: 0 };
      answer.current += 1;
      return { ...answer };
    });
  });
  return (name, windowMs) => count({ name, windowMs });
}

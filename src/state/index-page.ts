/** A list that rests in Redis as a sorted set of ids by their time, read page by page. */
import type { Redis } from 'ioredis';
import { isOlder, type PagePlace } from '../lib/page.ts';
import { stateful } from './connection.ts';

interface IndexQuery {
  /** Wall ms, both included. */
  from?: number;
  to?: number;
  limit: number;
  /** Where the page before ended; it is not part of this one. */
  before?: PagePlace | undefined;
}

/**
 * The newest places of an index that fit, the newest first.
 * @throws StateUnavailableError.
 */
export async function readIndexPage(
  redis: Redis,
  index: string,
  { from = 0, to = Infinity, limit, before }: IndexQuery,
): Promise<PagePlace[]> {
  const newest = Math.min(to, before?.time ?? Infinity);
  const places: PagePlace[] = [];
  // Entries of one millisecond stand together, so a few are read over and dropped.
  for (let offset = 0; places.length < limit; offset += limit) {
    const flat = await stateful(
      redis.zrevrangebyscore(
        index,
        newest === Infinity ? '+inf' : newest,
        from,
        'WITHSCORES',
        'LIMIT',
        offset,
        limit,
      ),
    );
    for (let i = 0; i + 1 < flat.length; i += 2) {
      const place = { time: Number(flat[i + 1]), id: flat[i] ?? '' };
      if (before === undefined || isOlder(place, before)) places.push(place);
    }
    if (flat.length < 2 * limit) break;
  }
  return places.slice(0, limit);
}

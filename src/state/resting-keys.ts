/**
 * Earlier sealing keys at rest in Redis, each sealed under the key that came after it. So they form a
 * chain: who has the present signing key can read what is kept, and nobody can read on from an earlier
 * key to a later.
 */
import type { Redis } from 'ioredis';
import type { Clock } from '../lib/clock.ts';
import { stateful } from './connection.ts';
import type { Keys } from './keys.ts';
import { createSealer, SealError, type Sealer, type SealingKey } from './sealing.ts';

/** A key at rest: until when it is kept (wall ms), and its sealed text. */
interface RestingKey {
  untilMs: number;
  sealed: string;
}

export interface RestingKeys {
  /** All that are kept of the member, by their ids; what is over is let go of. */
  read(memberCode: string): Promise<Map<string, RestingKey>>;
  /** The key itself, or undefined when none of the known keys opens it. */
  open(memberCode: string, id: string, sealed: string): SealingKey | undefined;
  /**
   * Keeps a key, unless it rests already as it should.
   * @param how.under the member's present key, which seals it.
   * @param how.resting how it rests now.
   * @param how.isConfigured whether the files still hold it: then its time begins anew each day.
   */
  keep(
    memberCode: string,
    key: SealingKey,
    how: { under: SealingKey; resting: RestingKey | undefined; isConfigured: boolean },
  ): Promise<void>;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Longer than the longest retention of anything sealed: the journal's 30 days. */
const KEPT_MS = 31 * DAY_MS;

/**
 * @param opener opens under every key that is known.
 * @returns what throws StateUnavailableError where it asks Redis and Redis cannot be reached.
 */
export function createRestingKeys(deps: {
  redis: Redis;
  keys: Keys;
  clock: Clock;
  opener: Sealer;
}): RestingKeys {
  const { redis, keys, clock, opener } = deps;
  return {
    async read(memberCode) {
      const name = keys.sealingKeys(memberCode);
      const resting = new Map<string, RestingKey>();
      for (const [id, text] of Object.entries(await stateful(redis.hgetall(name)))) {
        const key = parse(text);
        if (key.untilMs > clock.now()) resting.set(id, key);
        else await stateful(redis.hdel(name, id));
      }
      return resting;
    },

    open(memberCode, id, sealed) {
      try {
        return keyOf(id, opener.open(memberCode, purposeOf(id), sealed).toString());
      } catch (error) {
        if (error instanceof SealError) return undefined;
        throw error;
      }
    },

    async keep(memberCode, key, { under, resting, isConfigured }) {
      const fullMs = clock.now() + KEPT_MS;
      const untilMs = isConfigured ? fullMs : (resting?.untilMs ?? fullMs);
      const isFresh = resting !== undefined && untilMs - resting.untilMs < DAY_MS;
      if (isFresh && resting.sealed.split('.')[1] === under.id) return;
      const name = keys.sealingKeys(memberCode);
      const sealer = createSealer(() => [under]);
      const sealed = sealer.seal(memberCode, purposeOf(key.id), textOf(key));
      await stateful(redis.hset(name, key.id, `${untilMs} ${sealed}`));
      await stateful(redis.pexpire(name, KEPT_MS));
    },
  };
}

function purposeOf(id: string): string {
  return `sealing key ${id}`;
}

function textOf({ encryption, authentication }: SealingKey): string {
  return JSON.stringify({
    encryption: encryption.toString('base64'),
    authentication: authentication.toString('base64'),
  });
}

function keyOf(id: string, text: string): SealingKey {
  const { encryption, authentication } = JSON.parse(text) as Record<string, string>;
  return { id, encryption: fromBase64(encryption), authentication: fromBase64(authentication) };
}

function fromBase64(text = ''): Buffer {
  return Buffer.from(text, 'base64');
}

function parse(text: string): RestingKey {
  const [until = '', sealed = ''] = text.split(' ');
  return { untilMs: Number(until) || 0, sealed };
}

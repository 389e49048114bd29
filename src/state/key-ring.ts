/**
 * The members' sealing keys over time: what a signing key sealed stays readable when it has gone.
 *
 * A sealing key whose signing key is replaced is kept for as long as anything that it sealed: in
 * memory, and in Redis, sealed under the key that came after it. So the keys form a chain: who has
 * the present signing key can read what is kept, and nobody can read on from an earlier one to a
 * later. Only a key that was exchanged while no process ran and was never followed by a `next` is lost.
 */
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import { activeIdentity, type Credentials } from '../lib/credentials.ts';
import { stateful } from './connection.ts';
import type { Keys } from './keys.ts';
import { createSealer, createSealingKeys, SealError, type SealingKey } from './sealing.ts';

export interface KeyRing {
  /** For `createSealer`: the key to seal with, then all others that open what is kept. */
  keysOf(this: void, memberCode: string): readonly SealingKey[];
  /**
   * Takes note of the keys that are configured, learns of earlier ones from Redis and leaves there
   * what a later process will need. To be called at start and whenever credentials have changed.
   * Never throws: what Redis does not take now it is given the next time.
   */
  refresh(): Promise<void>;
  close(): void;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Longer than the longest retention of anything sealed: the journal's 30 days. */
const KEPT_MS = 31 * DAY_MS;
/** Another replica may have learned of a key first, and `next` takes over without an event. */
const REFRESH_MS = 60_000;

/** A key at rest: until when it is kept (wall ms), and its sealed text. */
interface Entry {
  untilMs: number;
  sealed: string;
}

export function createKeyRing(deps: {
  redis: Redis;
  keys: Keys;
  credentials: () => Credentials;
  clock: Clock;
  log: Logger;
}): KeyRing {
  const { redis, keys, credentials, clock, log } = deps;
  const configured = createSealingKeys(credentials, clock);
  const known = new Map<string, Map<string, SealingKey>>();

  function keysOf(memberCode: string): readonly SealingKey[] {
    const present = configured(memberCode);
    const earlier = [...(known.get(memberCode)?.values() ?? [])].filter(
      ({ id }) => !present.some((key) => key.id === id),
    );
    // A member that is not configured has no keys, though some are remembered.
    return present.length === 0 || earlier.length === 0 ? present : [...present, ...earlier];
  }
  const opener = createSealer(keysOf);

  function remember(memberCode: string, key: SealingKey): void {
    const ring = known.get(memberCode) ?? new Map<string, SealingKey>();
    known.set(memberCode, ring.set(key.id, key));
  }

  /** The key that is yet to take over: it is in the files, and must not rest under an older one. */
  function pendingId(memberCode: string): string | undefined {
    const member = credentials().members.get(memberCode);
    const isPending =
      member?.next !== undefined && activeIdentity(member, clock.now()) !== member.next;
    return isPending ? configured(memberCode)[1]?.id : undefined;
  }

  async function refreshMember(memberCode: string): Promise<void> {
    const name = keys.sealingKeys(memberCode);
    const stored = await stateful(redis.hgetall(name));
    const now = clock.now();
    const entries = new Map<string, Entry>();
    for (const [id, text] of Object.entries(stored)) {
      const entry = parseEntry(text);
      if (entry.untilMs <= now) {
        await stateful(redis.hdel(name, id));
        continue;
      }
      entries.set(id, entry);
      const key = openKey(memberCode, id, entry.sealed);
      if (key !== undefined) remember(memberCode, key);
    }
    const [first] = configured(memberCode);
    if (first === undefined) return;
    const pending = pendingId(memberCode);
    for (const key of known.get(memberCode)?.values() ?? []) {
      if (key.id === first.id || key.id === pending) continue;
      const entry = entries.get(key.id);
      const isUsed = configured(memberCode).some(({ id }) => id === key.id);
      const untilMs = isUsed ? now + KEPT_MS : (entry?.untilMs ?? now + KEPT_MS);
      const isFresh = entry !== undefined && untilMs - entry.untilMs < DAY_MS;
      if (isFresh && entry.sealed.split('.')[1] === first.id) continue;
      const sealed = sealKey(memberCode, first, key);
      await stateful(redis.hset(name, key.id, `${untilMs} ${sealed}`));
      await stateful(redis.pexpire(name, KEPT_MS));
    }
  }

  function openKey(memberCode: string, id: string, sealed: string): SealingKey | undefined {
    try {
      const text = opener.open(memberCode, purposeOf(id), sealed).toString();
      const { encryption, authentication } = JSON.parse(text) as Record<string, string>;
      return { id, encryption: fromBase64(encryption), authentication: fromBase64(authentication) };
    } catch (error) {
      if (error instanceof SealError) return undefined;
      throw error;
    }
  }

  async function refresh(): Promise<void> {
    const codes = [...credentials().members.keys()];
    // At once, before anything is awaited: the next change may come at any time.
    for (const code of codes) for (const key of configured(code)) remember(code, key);
    try {
      for (const code of codes) await refreshMember(code);
    } catch (error) {
      log.debug({ err: error }, 'earlier sealing keys are looked after later');
    }
  }
  const onReady = (): void => void refresh();
  const timer = setInterval(onReady, REFRESH_MS).unref();
  // A Redis that was away at the start may hold keys that its reports need at once.
  redis.on('ready', onReady);
  return {
    keysOf,
    refresh,
    close() {
      clearInterval(timer);
      redis.off('ready', onReady);
    },
  };
}

function purposeOf(id: string): string {
  return `sealing key ${id}`;
}

function sealKey(memberCode: string, under: SealingKey, key: SealingKey): string {
  const text = JSON.stringify({
    encryption: key.encryption.toString('base64'),
    authentication: key.authentication.toString('base64'),
  });
  return createSealer(() => [under]).seal(memberCode, purposeOf(key.id), text);
}

function fromBase64(text = ''): Buffer {
  return Buffer.from(text, 'base64');
}

function parseEntry(text: string): Entry {
  const [until = '', sealed = ''] = text.split(' ');
  return { untilMs: Number(until) || 0, sealed };
}

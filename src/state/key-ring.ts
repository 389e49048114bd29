/**
 * The members' sealing keys over time: what a signing key sealed stays readable when it has gone.
 *
 * A sealing key whose signing key is replaced is kept for as long as anything that it sealed: in
 * memory, and in Redis (resting-keys.ts). Only a key that was exchanged while no process ran and was
 * never followed by a `next` is lost.
 */
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import { activeIdentity, type Credentials } from '../lib/credentials.ts';
import type { Keys } from './keys.ts';
import { createRestingKeys } from './resting-keys.ts';
import { createSealer, createSealingKeys, type SealingKey } from './sealing.ts';

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

interface KeyRingDeps {
  redis: Redis;
  keys: Keys;
  credentials: () => Credentials;
  clock: Clock;
  log: Logger;
}

/** Another replica may have learned of a key first, and `next` takes over without an event. */
const REFRESH_MS = 60_000;

export function createKeyRing(deps: KeyRingDeps): KeyRing {
  const { redis, credentials, log } = deps;
  const known = createKnownKeys(deps);
  const resting = createRestingKeys({ ...deps, opener: createSealer(known.keysOf) });

  async function refreshMember(memberCode: string): Promise<void> {
    const kept = await resting.read(memberCode);
    for (const [id, { sealed }] of kept) {
      const key = resting.open(memberCode, id, sealed);
      if (key !== undefined) known.remember(memberCode, key);
    }
    const configured = known.configured(memberCode);
    const [under] = configured;
    if (under === undefined) return;
    const pending = known.pendingId(memberCode);
    for (const key of known.all(memberCode)) {
      if (key.id === under.id || key.id === pending) continue;
      const isConfigured = configured.some(({ id }) => id === key.id);
      await resting.keep(memberCode, key, { under, resting: kept.get(key.id), isConfigured });
    }
  }

  async function refresh(): Promise<void> {
    const codes = [...credentials().members.keys()];
    // At once, before anything is awaited: the next change may come at any time.
    for (const code of codes) for (const key of known.configured(code)) known.remember(code, key);
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
    keysOf: known.keysOf,
    refresh,
    close() {
      clearInterval(timer);
      redis.off('ready', onReady);
    },
  };
}

/** The keys that this process knows: those of the files, and every one that it met before. */
function createKnownKeys({ credentials, clock }: KeyRingDeps) {
  const configured = createSealingKeys(credentials, clock);
  const known = new Map<string, Map<string, SealingKey>>();
  const all = (memberCode: string): SealingKey[] => [...(known.get(memberCode)?.values() ?? [])];

  return {
    configured,
    all,

    remember(memberCode: string, key: SealingKey): void {
      const ring = known.get(memberCode) ?? new Map<string, SealingKey>();
      known.set(memberCode, ring.set(key.id, key));
    },

    keysOf(this: void, memberCode: string): readonly SealingKey[] {
      const present = configured(memberCode);
      const earlier = all(memberCode).filter(({ id }) => !present.some((key) => key.id === id));
      // A member that is not configured has no keys, though some are remembered.
      return present.length === 0 || earlier.length === 0 ? present : [...present, ...earlier];
    },

    /** The key that is yet to take over: it is in the files, and must not rest under an older one. */
    pendingId(memberCode: string): string | undefined {
      const member = credentials().members.get(memberCode);
      const isPending =
        member?.next !== undefined && activeIdentity(member, clock.now()) !== member.next;
      return isPending ? configured(memberCode)[1]?.id : undefined;
    },
  };
}

/**
 * The journal of exchanges in Redis: a member's entries by time and by reference.
 *
 * Bounded in age, number and bytes, whichever is reached first; the oldest go first.
 */
import type { Redis } from 'ioredis';
import type { Clock } from '../lib/clock.ts';
import { defined } from '../lib/defined.ts';
import type { PagePlace } from '../lib/page.ts';
import { stateful } from '../state/connection.ts';
import type { Keys } from '../state/keys.ts';
import { readIndexPage } from '../state/index-page.ts';
import { runScript } from '../state/script.ts';
import { writeJournal, type WrittenEntry } from '../state/scripts/journal.ts';
import type { Sealer } from '../state/sealing.ts';
import { createEntryCodec, type JournalEntry, type PreparedEntry } from './entry.ts';
import type { Exchange } from '../mks/types.ts';

export interface JournalBounds {
  /** How long an entry is kept, in milliseconds. */
  keptMs: number;
  /** Of one member. */
  maxEntries: number;
  /** Of one member, with what Redis itself takes for them. */
  maxBytes: number;
}

export const JOURNAL_BOUNDS: Readonly<JournalBounds> = {
  keptMs: 30 * 24 * 60 * 60 * 1000,
  maxEntries: 100_000,
  maxBytes: 64 * 1024 * 1024,
};

/** What Redis takes for an entry beside its text: some 420 bytes when measured. */
const ENTRY_OVERHEAD_BYTES = 448;
/** How many sendings of one reference can be found by it: the newest. */
const IDS_OF_A_REFERENCE = 32;
/** Keeps one call of Redis short when much is due at once. */
const MAX_REMOVED_AT_ONCE = 1_000;

/** A place in a member's journal. */
export interface MemberPlace extends PagePlace {
  memberCode: string;
}

/** Wall ms, both included. */
export interface TimeRange {
  from?: number;
  to?: number;
}

export interface JournalStore {
  prepare(exchange: Exchange): PreparedEntry;
  /** In as many calls of Redis as there are members, under way together. */
  write(entries: readonly PreparedEntry[]): Promise<void>;
  /** Lets go of what is too old. */
  trim(memberCode: string): Promise<void>;
  /** The member's places in that range, newest first, after `before`. */
  page(
    memberCode: string,
    range: TimeRange,
    limit: number,
    before?: PagePlace,
  ): Promise<MemberPlace[]>;
  /** The places of the exchanges under one reference, in no order. */
  find(memberCode: string, senderReference: string): Promise<MemberPlace[]>;
  /** The entries at these places of one member; undefined for one that is gone by now. */
  read(places: readonly MemberPlace[]): Promise<(JournalEntry | undefined)[]>;
}

export interface JournalStoreDeps {
  /** `bulk` for the entries themselves, which are large. */
  redis: { commands: Redis; bulk: Redis };
  keys: Keys;
  sealer: Sealer;
  clock: Clock;
}

/** @throws StateUnavailableError from every method that asks Redis when Redis cannot be reached. */
export function createJournalStore(
  { redis, keys, sealer, clock }: JournalStoreDeps,
  bounds: JournalBounds,
): JournalStore {
  const codec = createEntryCodec(sealer);
  /** Writes the entries and lets go of what no longer fits; gives how many were let go. */
  const run = (memberCode: string, entries: readonly WrittenEntry[]): Promise<number> => {
    const input = {
      now: clock.now(),
      ...bounds,
      entryBytes: ENTRY_OVERHEAD_BYTES,
      maxRemoved: MAX_REMOVED_AT_ONCE,
      idsOfReference: IDS_OF_A_REFERENCE,
      entries,
    };
    return stateful(runScript(redis.commands, writeJournal, keysOf(keys, memberCode), input));
  };

  return {
    prepare: codec.prepare,

    async write(entries) {
      const byMember = Map.groupBy(entries, ({ memberCode }) => memberCode);
      const writes = [...byMember].map(async ([memberCode, group]) => {
        const written = group.map(({ entry }) => entry);
        await run(memberCode, written);
      });
      await Promise.all(writes);
    },

    async trim(memberCode) {
      while ((await run(memberCode, [])) === MAX_REMOVED_AT_ONCE);
    },

    async page(memberCode, { from = 0, to }, limit, before) {
      const range = defined({ from: Math.max(from, clock.now() - bounds.keptMs), to });
      const index = keys.journalIndex(memberCode);
      const places = await readIndexPage(redis.commands, index, { ...range, limit, before });
      return places.map((place) => ({ memberCode, ...place }));
    },

    async find(memberCode, senderReference) {
      const key = keys.journalReferences(memberCode);
      const ids = (await stateful(redis.commands.hget(key, senderReference)))?.split(' ') ?? [];
      if (ids.length === 0) return [];
      const times = await stateful(redis.commands.zmscore(keys.journalIndex(memberCode), ids));
      return ids.flatMap((id, index) => {
        const time = times[index];
        return typeof time === 'string' ? [{ memberCode, time: Number(time), id }] : [];
      });
    },

    async read(places) {
      const [first] = places;
      if (first === undefined) return [];
      const key = keys.journalEntries(first.memberCode);
      const stored = await stateful(redis.bulk.hmget(key, ...places.map(({ id }) => id)));
      return places.map((place, index) => {
        const text = stored[index];
        return typeof text === 'string' ? codec.parse(place, text) : undefined;
      });
    },
  };
}

/** The keys of scripts/journal/write.lua, in its order. */
function keysOf(keys: Keys, memberCode: string): string[] {
  return [
    keys.journalIndex(memberCode),
    keys.journalEntries(memberCode),
    keys.journalReferences(memberCode),
    keys.journalBytes(memberCode),
  ];
}

/**
 * The journal of exchanges: what was said to MKS and what came back, kept for 30 days.
 *
 * A call neither waits for the journal nor fails with it: lines are written behind its back
 * (writer.ts), while Redis is away as many as there is room for.
 */
import type { Logger } from 'pino';
import { createLimiter } from '../lib/limiter.ts';
import { readJournalPage, type JournalPage, type JournalQuery } from './list.ts';
import {
  createJournalStore,
  JOURNAL_BOUNDS,
  type JournalBounds,
  type JournalStoreDeps,
} from './store.ts';
import { createJournalWriter } from './writer.ts';
import type { Exchange } from '../mks/types.ts';

export type { JournalEntry } from './entry.ts';
export type { JournalPage, JournalQuery } from './list.ts';
export { sampleJournal } from './samples.ts';

export interface Journal {
  /** Takes a line; never waits and never throws. */
  record(exchange: Exchange): void;
  /**
   * The journal's entries, newest first; those of this process up to this moment are in it.
   * @throws RangeError for a cursor that did not come from here, StateUnavailableError.
   */
  list(query: JournalQuery): Promise<JournalPage>;
  /**
   * MKS's answer to a message as it was signed; undefined when there is none, or no longer.
   * @throws StateUnavailableError.
   */
  answerTo(memberCode: string, senderReference: string): Promise<string | undefined>;
  /** How many exchanges this process could not write down. */
  lost(): number;
  /** Writes what is waiting, for `timeoutMs` at most. */
  close(timeoutMs: number): Promise<void>;
}

interface JournalDeps extends JournalStoreDeps {
  log: Logger;
  /** The configured members, whose old entries are let go of each hour. */
  members: () => readonly string[];
  bounds?: JournalBounds;
}

/** A reader waits this long for the lines of this process. */
const READ_AFTER_WRITE_MS = 1_000;
/** A message is sent again under its reference; more than a few times it has not been. */
const SENDINGS_MAX = 5;
/** A page is up to twelve megabytes in memory: others wait for their turn. */
const PAGES_AT_ONCE = 2;
const TRIM_INTERVAL_MS = 60 * 60 * 1000;

/** Makes the journal; nothing is asked of Redis until the first line. */
export function createJournal(deps: JournalDeps): Journal {
  const { log, clock } = deps;
  const store = createJournalStore(deps, deps.bounds ?? JOURNAL_BOUNDS);
  const writer = createJournalWriter({ store, clock, log });
  const reading = createLimiter(PAGES_AT_ONCE);

  async function trimAll(): Promise<void> {
    try {
      for (const member of deps.members()) await store.trim(member);
    } catch (error) {
      log.warn({ err: error }, 'old exchanges stay in the journal for another hour');
    }
  }
  const trimming = setInterval(() => void trimAll(), TRIM_INTERVAL_MS).unref();

  async function list(query: JournalQuery): Promise<JournalPage> {
    await writer.written(READ_AFTER_WRITE_MS);
    return reading(() => readJournalPage(store, query));
  }

  return {
    record: (exchange) => writer.record(exchange),
    list,
    async answerTo(memberCode, senderReference) {
      const query = { members: [memberCode], senderReference, limit: SENDINGS_MAX };
      const { items } = await list(query);
      return items.find(({ answer }) => answer !== undefined)?.answer;
    },

    lost: () => writer.lost(),

    async close(timeoutMs) {
      clearInterval(trimming);
      await writer.close(timeoutMs);
    },
  };
}

/**
 * The journal of exchanges: what was said to MKS and what came back, kept for 30 days.
 *
 * Lines wait in a bounded buffer and go to Redis in batches behind the caller's back: a call neither
 * waits for the journal nor fails with it. While Redis is away the buffer fills up; what no longer
 * fits is lost, counted, and the loss is logged.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createLimiter } from '../lib/limiter.ts';
import { settledWithin } from '../lib/within.ts';
import { StateUnavailableError } from '../state/errors.ts';
import { listExchanges, type JournalPage, type JournalQuery } from './list.ts';
import {
  createJournalStore,
  JOURNAL_BOUNDS,
  type JournalBounds,
  type JournalStoreDeps,
} from './store.ts';
import type { Exchange } from '../mks/types.ts';

export type { JournalEntry } from './entry.ts';
export type { JournalPage, JournalQuery } from './list.ts';

export interface Journal {
  /** Takes a line; never waits and never throws. */
  record(exchange: Exchange): void;
  /**
   * The journal's entries, newest first; those of this process up to this moment are in it.
   * @throws RangeError for a cursor that did not come from here, StateUnavailableError.
   */
  list(query: JournalQuery): Promise<JournalPage>;
  /** How many exchanges this process could not write down. */
  lost(): number;
  /** Writes what is waiting, for `timeoutMs` at most. */
  close(timeoutMs: number): Promise<void>;
}

export interface JournalDeps extends JournalStoreDeps {
  log: Logger;
  /** The configured members, whose old entries are let go of each hour. */
  members: () => readonly string[];
  bounds?: JournalBounds;
}

/** What one process holds at most while Redis is away. */
const MAX_WAITING = 2_000;
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** One script of Redis blocks all others: a batch is a few milliseconds of its time. */
const MAX_BATCH = 100;
const MAX_BATCH_BYTES = 512 * 1024;
/** Of a line without its answer. */
const LINE_BYTES = 512;
const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 2_000;
/** A reader waits this long for the lines of this process. */
const READ_AFTER_WRITE_MS = 1_000;
/** A page is up to twelve megabytes in memory: others wait for their turn. */
const PAGES_AT_ONCE = 2;
const TRIM_INTERVAL_MS = 60 * 60 * 1000;

/** Makes the journal; nothing is asked of Redis until the first line. */
export function createJournal(deps: JournalDeps): Journal {
  const { log, clock } = deps;
  const store = createJournalStore(deps, deps.bounds ?? JOURNAL_BOUNDS);
  const reading = createLimiter(PAGES_AT_ONCE);
  const closing = new AbortController();
  const waiting: Exchange[] = [];
  let bytes = 0;
  let lost = 0;
  let isTold = true;
  let writing: Promise<void> | undefined;

  function lose(count: number): void {
    lost += count;
    if (isTold)
      log.error({ lost }, 'the journal of exchanges loses lines: Redis does not take them');
    isTold = false;
  }

  function nextBatch(): Exchange[] {
    let size = 0;
    let count = 0;
    for (const exchange of waiting) {
      size += sizeOf(exchange);
      if (count > 0 && (count === MAX_BATCH || size > MAX_BATCH_BYTES)) break;
      count += 1;
    }
    return waiting.slice(0, count);
  }

  /** Tries until the batch is written, the process closes, or Redis refuses it for good. */
  async function write(batch: readonly Exchange[]): Promise<void> {
    const entries = batch.map((exchange) => store.prepare(exchange));
    for (let pauseMs = FIRST_RETRY_MS; ; pauseMs = Math.min(2 * pauseMs, LAST_RETRY_MS)) {
      try {
        return await store.write(entries);
      } catch (error) {
        if (!(error instanceof StateUnavailableError) || closing.signal.aborted) throw error;
        await sleep(pauseMs, undefined, { signal: closing.signal, ref: false });
      }
    }
  }

  async function writeAll(): Promise<void> {
    // Calls that end in the same moment share a batch.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = nextBatch();
      try {
        await write(batch);
        if (!isTold) log.warn({ lost }, 'the journal of exchanges takes lines again');
        isTold = true;
      } catch (error) {
        log.error({ err: error }, 'exchanges could not be written to the journal');
        lose(batch.length);
      }
      // Only now: what is being written counts as waiting.
      waiting.splice(0, batch.length);
      bytes -= batch.reduce((sum, exchange) => sum + sizeOf(exchange), 0);
    }
    // In the same breath as the look at what waits, so that no line can fall between the two.
    writing = undefined;
  }

  async function trimAll(): Promise<void> {
    try {
      for (const member of deps.members()) await store.trim(member);
    } catch (error) {
      log.warn({ err: error }, 'old exchanges stay in the journal for another hour');
    }
  }
  const trimming = setInterval(() => void trimAll(), TRIM_INTERVAL_MS).unref();

  return {
    record(exchange) {
      const size = sizeOf(exchange);
      if (waiting.length >= MAX_WAITING || bytes + size > MAX_WAITING_BYTES) return lose(1);
      waiting.push(exchange);
      bytes += size;
      writing ??= writeAll();
    },

    async list(query) {
      await settledWithin(READ_AFTER_WRITE_MS, writing);
      return reading(() => listExchanges(store, query));
    },

    lost: () => lost,

    async close(timeoutMs) {
      clearInterval(trimming);
      const began = clock.elapsedMs();
      await settledWithin(timeoutMs, writing);
      closing.abort();
      if (writing !== undefined) {
        const waitedMs = Math.round(clock.elapsedMs() - began);
        log.error({ lost: waiting.length, waitedMs }, 'exchanges that the journal did not take');
      }
    },
  };
}

function sizeOf({ answer = '' }: Exchange): number {
  return LINE_BYTES + answer.length;
}

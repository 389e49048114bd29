/**
 * Writes exchanges down behind the caller's back: a line goes to Redis at once, those that come while one is under way
 * go together, again and again while Redis is away. They wait in a bounded buffer: what does not fit is lost, counted,
 * and told in the log.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import { settledWithin } from '../lib/within.ts';
import type { Exchange } from '../mks/types.ts';
import { StateUnavailableError } from '../state/errors.ts';
import type { JournalStore } from './store.ts';

export interface JournalWriter {
  /** Takes a line; never waits and never throws. */
  record(exchange: Exchange): void;
  /** Waits until all lines of this moment are written, for `timeoutMs` at most. */
  written(timeoutMs: number): Promise<void>;
  /** How many lines were lost. */
  lost(): number;
  /** Writes what is waiting, for `timeoutMs` at most. */
  close(timeoutMs: number): Promise<void>;
}

interface JournalWriterDeps {
  store: Pick<JournalStore, 'prepare' | 'write'>;
  clock: Clock;
  log: Logger;
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

export function createJournalWriter({ store, clock, log }: JournalWriterDeps): JournalWriter {
  const losses = createLosses(log);
  const closing = new AbortController();
  const waiting: Exchange[] = [];
  let bytes = 0;
  let writing: Promise<void> | undefined;

  async function writeAll(): Promise<void> {
    // Never over before `writing` is set, and still in one write with what else is asked of Redis in this turn.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = firstBatch(waiting);
      try {
        await writePatiently(store, batch, closing.signal);
        losses.end();
      } catch (error) {
        log.error({ err: error }, 'exchanges could not be written to the journal');
        losses.add(batch.length);
      }
      // Only now: what is being written counts as waiting.
      waiting.splice(0, batch.length);
      bytes -= batch.reduce((sum, exchange) => sum + sizeOf(exchange), 0);
    }
    // In the same breath as the look at what waits, so that no line can fall between the two.
    writing = undefined;
  }

  return {
    record(exchange) {
      const size = sizeOf(exchange);
      if (waiting.length >= MAX_WAITING || bytes + size > MAX_WAITING_BYTES) return losses.add(1);
      waiting.push(exchange);
      bytes += size;
      writing ??= writeAll();
    },

    async written(timeoutMs) {
      await settledWithin(timeoutMs, writing);
    },

    lost: () => losses.count(),

    async close(timeoutMs) {
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

/** Counts what is lost; of each time that Redis is away it tells the beginning and the end. */
function createLosses(log: Logger) {
  let lost = 0;
  let isOver = true;
  return {
    count: () => lost,
    add(count: number): void {
      lost += count;
      if (isOver)
        log.error({ lost }, 'the journal of exchanges loses lines: Redis does not take them');
      isOver = false;
    },
    end(): void {
      if (!isOver) log.warn({ lost }, 'the journal of exchanges takes lines again');
      isOver = true;
    },
  };
}

function firstBatch(waiting: readonly Exchange[]): Exchange[] {
  let size = 0;
  let count = 0;
  for (const exchange of waiting) {
    size += sizeOf(exchange);
    if (count > 0 && (count === MAX_BATCH || size > MAX_BATCH_BYTES)) break;
    count += 1;
  }
  return waiting.slice(0, count);
}

/**
 * Tries until the batch is written.
 * @throws what Redis refuses it for, or the last failure once the process closes.
 */
async function writePatiently(
  store: JournalWriterDeps['store'],
  batch: readonly Exchange[],
  closing: AbortSignal,
): Promise<void> {
  const entries = batch.map((exchange) => store.prepare(exchange));
  for (let pauseMs = FIRST_RETRY_MS; ; pauseMs = Math.min(2 * pauseMs, LAST_RETRY_MS)) {
    try {
      return await store.write(entries);
    } catch (error) {
      if (!(error instanceof StateUnavailableError) || closing.aborted) throw error;
      await sleep(pauseMs, undefined, { signal: closing, ref: false });
    }
  }
}

function sizeOf({ answer = '' }: Exchange): number {
  return LINE_BYTES + answer.length;
}

/**
 * What readers of ready reports get, so that many or slow ones cost no more than a few.
 *
 * A small report is encoded once for all who read it alike, and kept for a while. A large one, and
 * a file, is read by each for himself, as many at a time as there are turns: who reads slowly keeps
 * his turn, and waits for another one behind everybody else's.
 */
import { LRUCache } from 'lru-cache';
import type { Clock } from '../lib/clock.ts';
import { createFairTurns } from '../lib/fair-turns.ts';
import { createLimiter } from '../lib/limiter.ts';
import { createRest, resting } from '../lib/rest.ts';
import { compress, type Coding } from '../rows/codings.ts';
import type { Format } from '../rows/formats/index.ts';
import { TooManyReadersError } from './errors.ts';
import type { Desk, FileSource, Report } from './types.ts';

const MIB = 1024 * 1024;
/** As JSON about 10 MB: encoded faster than anybody reads it. */
const SMALL_ROWS = 50_000;
/** Rows may be long, so their number alone is no bound. */
const SMALL_BYTES = 16 * MIB;
const KEPT_BYTES = 64 * MIB;
/** In clear in memory, so not longer than those who ask together need it, nor than the report is there. */
const KEPT_MS = 15 * 60_000;
const ENCODED_AT_ONCE = 3;
/** A turn costs about a megabyte. */
const TURNS = { places: 96, placesOfOne: 48, waitMs: 120_000, mayRestMs: 5_000 };

export interface Reading {
  /** A ready one. */
  report: Report;
  format: Format;
  coding?: Coding | undefined;
  /** The client that reads. */
  client: string;
  /** Aborted when nobody reads any more. */
  signal: AbortSignal;
  /** Breaks the answer: its reader rests while others wait for the turn. */
  letGo: () => void;
}

/** What tells one document of a report from another. */
type Representation = Pick<Reading, 'report' | 'format' | 'coding'>;

export interface Readers {
  /** The rows, if somebody has read the same of a small report a while ago. */
  found(of: Representation): Buffer | undefined;
  /**
   * The rows, whole or as a stream that begins with its turn.
   * @throws ReportGoneError, ArchiveError, MksError, SpoolDamagedError; the stream too, and
   *   TooManyReadersError before its first piece.
   */
  rows(reading: Reading): Promise<Buffer | AsyncIterable<Buffer>>;
  /** @throws ReportGoneError, ArchiveError, MksError, TooManyReadersError. */
  file(reading: Omit<Reading, 'format' | 'coding'>, name: string): Promise<FileSource>;
}

export function createReaders(desk: Pick<Desk, 'openRows' | 'openFile'>, clock: Clock): Readers {
  const kept = new LRUCache<string, Buffer | 'too large'>({
    maxSize: KEPT_BYTES,
    sizeCalculation: (body) => Math.max(1, body.length),
    ttlAutopurge: true,
  });
  const underWay = new Map<string, Promise<Buffer | 'too large'>>();
  const inTurn = createLimiter(ENCODED_AT_ONCE);
  const turns = createFairTurns({ ...TURNS, tooLong: () => new TooManyReadersError() });

  async function encode(reading: Reading): Promise<AsyncIterable<Buffer>> {
    const { report, format, coding } = reading;
    const rows = await desk.openRows(report);
    if (coding === 'zstd' && format.isAsKept === true && rows.zstd) return rows.zstd();
    const document = format.write(report, rows);
    return coding === undefined ? document : compress(coding, document);
  }

  /** The whole of a small report: kept, on its way, or encoded now. */
  async function whole(reading: Reading): Promise<Buffer | 'too large'> {
    const key = nameOf(reading);
    const found = kept.get(key) ?? underWay.get(key);
    if (found !== undefined) return found;
    const encoding = inTurn(async () => collect(await encode(reading)));
    underWay.set(key, encoding);
    try {
      const body = await encoding;
      const ttl = Math.min(KEPT_MS, reading.report.expiresAt - clock.now());
      if (ttl > 0) kept.set(key, body, { ttl });
      return body;
    } finally {
      underWay.delete(key);
    }
  }

  async function* stream(reading: Reading): AsyncGenerator<Buffer> {
    const { client, signal, letGo } = reading;
    const rest = createRest();
    const leave = await turns.enter(client, { restedMs: rest.ms, end: letGo }, signal);
    try {
      yield* resting(await encode(reading), rest);
    } finally {
      leave();
    }
  }

  return {
    found: (of) => bytesOf(kept.get(nameOf(of))),
    async rows(reading) {
      const { rowCount = 0 } = reading.report;
      const body = rowCount <= SMALL_ROWS ? await whole(reading) : 'too large';
      return body === 'too large' ? stream(reading) : body;
    },
    async file({ report, client, signal, letGo }, name) {
      const rest = createRest();
      const leave = await turns.enter(client, { restedMs: rest.ms, end: letGo }, signal);
      try {
        const file = await desk.openFile(report, name);
        return {
          ...file,
          close: () => file.close().finally(leave),
          stream: () => resting(file.stream(), rest),
        };
      } catch (error) {
        leave();
        throw error;
      }
    },
  };
}

function nameOf({ report, format, coding }: Representation): string {
  return `${report.id} ${report.digest} ${format.name} ${coding}`;
}

function bytesOf(body: Buffer | 'too large' | undefined): Buffer | undefined {
  return body === 'too large' ? undefined : body;
}

async function collect(pieces: AsyncIterable<Buffer>): Promise<Buffer | 'too large'> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > SMALL_BYTES) return 'too large';
    parts.push(piece);
  }
  return Buffer.concat(parts, length);
}

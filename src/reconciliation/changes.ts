/** What changed between two ready reports, as documents. */
import { createFairTurns } from '../lib/fair-turns.ts';
import { createThreads } from '../lib/threads.ts';
import { toError } from '../reports/decoding/messages.ts';
import { TooManyReadersError } from '../reports/errors.ts';
import type { Desk, Report } from '../reports/types.ts';
import type { Comparison, ComparisonTask } from './compare.ts';
import { differenceFormats, type DifferenceFormatName } from './documents.ts';
import { closeScratch, openScratch, readPiece, type Piece, type Scratch } from './scratch.ts';
import type { Reply } from './thread.ts';

const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 };
/** Each keeps a processor busy, and then room on the disk until its reader has all. */
const TURNS = { places: 4, placesOfOne: 2, waitMs: 120_000, mayRestMs: 5_000 };

export interface ChangesAsked {
  /** Ready ones of the same member. */
  from: Report;
  to: Report;
  format: DifferenceFormatName;
  /** Who reads. */
  client: string;
  /** Aborted when nobody reads any more. */
  signal: AbortSignal;
  /** Breaks the answer: its reader rests while others wait for the turn. */
  letGo: () => void;
}

export interface Changes {
  /**
   * The document, in pieces; it begins when all is compared.
   * @throws ReportGoneError, ArchiveError, MksError, SpoolDamagedError, StorageFullError and TooManyReadersError,
   *   all before the first piece.
   */
  read(asked: ChangesAsked): AsyncIterable<Buffer>;
}

/** @param folder for what does not fit into memory; made when it is missing. */
export function createChanges(desk: Pick<Desk, 'rowFiles'>, folder: string): Changes {
  const threads = createThreads(new URL('thread.ts', import.meta.url), RESOURCE_LIMITS);
  const turns = createFairTurns({ ...TURNS, tooLong: () => new TooManyReadersError() });

  async function compare(task: ComparisonTask, signal: AbortSignal): Promise<Comparison> {
    const reply = (await threads.run(task, signal)) as Reply;
    if ('failure' in reply) throw toError(reply.failure);
    return reply.comparison;
  }

  return {
    async *read({ from, to, format, client, signal, letGo }) {
      let restingSince: number | undefined;
      const restedMs = () => (restingSince === undefined ? 0 : performance.now() - restingSince);
      const leave = await turns.enter(client, { restedMs, end: letGo }, signal);
      try {
        const [before, after] = [await desk.rowFiles(from), await desk.rowFiles(to)];
        const into = openScratch(folder);
        try {
          const rowCount = before.rowCount + after.rowCount;
          // Keys lie in memory that they share with other secrets: a copy goes alone.
          const [fromFiles, toFiles] = [before.files, after.files].map((files) =>
            files.map(({ key, ...file }) => ({ ...file, key: new Uint8Array(key) as Buffer })),
          );
          const task = { from: fromFiles ?? [], to: toFiles ?? [], rowCount, folder, into };
          const { counts, pieces } = await compare(task, signal);
          const { member } = to;
          const head = { member, from: from.processDate, to: to.processDate };
          for (const piece of differenceFormats[format].write(
            head,
            linesOf(into, pieces),
            counts,
          )) {
            restingSince = performance.now();
            yield piece;
            restingSince = undefined;
          }
        } finally {
          closeScratch(into);
        }
      } finally {
        leave();
      }
    },
  };
}

function* linesOf(scratch: Scratch, pieces: readonly Piece[]): Generator<Buffer> {
  for (const piece of pieces) yield readPiece(scratch, piece);
}

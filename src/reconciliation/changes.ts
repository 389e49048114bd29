/** What changed between two ready reports, as documents. */
import { createFairTurns } from '../lib/fair-turns.ts';
import { createRest, resting } from '../lib/rest.ts';
import { createThreads } from '../lib/threads.ts';
import { TooManyReadersError } from '../reports/errors.ts';
import type { Desk, Report } from '../reports/types.ts';
import type { Comparison, ComparisonTask } from './compare.ts';
import { differenceFormats, type DifferenceFormatName } from './documents.ts';
import { POSITION_FIELDS } from './positions.ts';
import { doneOf, type Reply } from './replies.ts';
import { closeScratch, openScratch, readPiecesPatiently } from './scratch.ts';
import { sendable } from '../reports/spool/sendable.ts';

const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 };
/** Each keeps a processor busy, and then room on the disk until its reader has all. */
const TURNS = { places: 4, placesOfOne: 2, waitMs: 120_000, mayRestMs: 5_000 };

const FIELDS = ['change', ...POSITION_FIELDS, 'before', 'after', 'difference'];

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
    return doneOf((await threads.run(task, signal)) as Reply<Comparison>);
  }

  return {
    async *read({ from, to, format, client, signal, letGo }) {
      const rest = createRest();
      const leave = await turns.enter(client, { restedMs: rest.ms, end: letGo }, signal);
      try {
        const [before, after] = [await desk.rowFiles(from), await desk.rowFiles(to)];
        const into = openScratch(folder);
        try {
          const rowCount = before.rowCount + after.rowCount;
          const [fromFiles, toFiles] = [before.files.map(sendable), after.files.map(sendable)];
          const task = { from: fromFiles, to: toFiles, rowCount, folder, into };
          const { counts, pieces } = await compare(task, signal);
          const head = { member: to.member, from: from.processDate, to: to.processDate };
          const frame = { head, list: 'changes', tail: { counts }, fields: FIELDS } as const;
          yield* resting(
            differenceFormats[format].write(frame, readPiecesPatiently(into, pieces)),
            rest,
          );
        } finally {
          closeScratch(into);
        }
      } finally {
        leave();
      }
    },
  };
}

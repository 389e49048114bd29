/** A caller's ledger against a ready report, as documents. */
import { createFairTurns } from '../lib/fair-turns.ts';
import { createRest, resting } from '../lib/rest.ts';
import { createThreads } from '../lib/threads.ts';
import { TooManyReadersError } from '../reports/errors.ts';
import type { Desk, Report } from '../reports/types.ts';
import type { Checked, CheckTask, KeptLedger } from './check.ts';
import { differenceFormats, type DifferenceFormatName } from './documents.ts';
import { LedgerTooLargeError } from './ledger-errors.ts';
import { doneOf, type Reply } from './replies.ts';
import {
  closeScratch,
  createScratchWriter,
  openScratch,
  readPieces,
  type Scratch,
} from './scratch.ts';
import { sendable } from '../reports/spool/sendable.ts';

const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 256 };
/** As for changes; but a request has to be there as a whole in 30 s, so its body cannot wait for long. */
const TURNS = { places: 4, placesOfOne: 2, waitMs: 10_000, mayRestMs: 5_000 };

/** Of a ledger as it is sent. */
const LEDGER_MAX_BYTES = 256 * 1024 * 1024;
const PIECE_BYTES = 256 * 1024;

export interface LedgerAsked {
  /** The ledger's bytes as they come. */
  body: AsyncIterable<Uint8Array>;
  /** How many they will be, as far as it was said. */
  announcedBytes?: number;
  /** Who asks. */
  client: string;
  /** Aborted when nobody reads any more. */
  signal: AbortSignal;
  /** Breaks the answer: its reader rests while others wait for the turn. */
  letGo: () => void;
}

export interface CheckAsked extends LedgerAsked {
  /** A ready one. */
  report: Report;
  /** What the caller calls the ledger. */
  ledger: string;
  format: DifferenceFormatName;
  /** A decimal number: smaller differences count as none. */
  tolerance?: string;
}

export interface Checks {
  /**
   * The document, in pieces; it begins when all is compared.
   * @throws LedgerError, LedgerTooLargeError, ReportGoneError, ArchiveError, MksError, SpoolDamagedError,
   *   StorageFullError and TooManyReadersError, all before the first piece.
   */
  read(asked: CheckAsked): AsyncIterable<Buffer>;
  /**
   * Reads the whole ledger, compares nothing, and shows its first lines.
   * @param lines how many.
   */
  preview(asked: LedgerAsked, lines: number): AsyncIterable<Buffer>;
}

/** @param folder for what does not fit into memory; made when it is missing. */
export function createChecks(desk: Pick<Desk, 'rowFiles'>, folder: string): Checks {
  const threads = createThreads(new URL('thread.ts', import.meta.url), RESOURCE_LIMITS);
  const turns = createFairTurns({ ...TURNS, tooLong: () => new TooManyReadersError() });

  /** Has the ledger on the disk, and the thread do the rest. */
  async function* run(
    { body, announcedBytes = 0, client, signal, letGo }: LedgerAsked,
    prepare: () => Promise<Pick<CheckTask, 'rows' | 'rowCount' | 'tolerance' | 'dryRun'>>,
    write: (checked: Checked, lines: Iterable<Buffer>) => Iterable<Buffer> | AsyncIterable<Buffer>,
  ): AsyncGenerator<Buffer> {
    if (announcedBytes > LEDGER_MAX_BYTES) throw new LedgerTooLargeError();
    const rest = createRest();
    const leave = await turns.enter(client, { restedMs: rest.ms, end: letGo }, signal);
    const opened: Scratch[] = [];
    const open = (): Scratch => {
      const scratch = openScratch(folder);
      opened.push(scratch);
      return scratch;
    };
    try {
      const [scratch, into] = [open(), open()];
      const ledger = { scratch, ...(await keep(body, scratch)) };
      const task: CheckTask = { ...(await prepare()), ledger, folder, into };
      const checked = doneOf((await threads.run(task, signal)) as Reply<Checked>);
      yield* resting(write(checked, readPieces(into, checked.pieces)), rest);
    } finally {
      opened.forEach(closeScratch);
      leave();
    }
  }

  return {
    read: (asked) =>
      run(
        asked,
        async () => {
          const { files, rowCount } = await desk.rowFiles(asked.report);
          const { tolerance } = asked;
          return {
            rows: files.map(sendable),
            rowCount,
            ...(tolerance !== undefined && { tolerance }),
          };
        },
        (checked, lines) => differenceFormats[asked.format].write(frameOf(asked, checked), lines),
      ),
    preview: (asked, lines) =>
      run(
        asked,
        async () => ({ rows: [], rowCount: 0, dryRun: lines }),
        ({ lineCount, decimalSign, ignoredColumns, lines: shown }) => [
          Buffer.from(
            `${JSON.stringify({ lineCount, decimalSign, ignoredColumns, lines: shown })}\n`,
          ),
        ],
      ),
  };
}

function frameOf({ report, ledger, tolerance }: CheckAsked, checked: Checked) {
  const { member, processDate } = report;
  const { lineCount, ignoredColumns, compared } = checked;
  const { withinTolerance, ...counts } = checked.counts;
  return {
    head: { member, processDate, ledger, tolerance, lineCount, ignoredColumns },
    list: 'breaks',
    tail: { counts: tolerance === undefined ? counts : { ...counts, withinTolerance } },
    fields: ['break', ...compared, 'ledger', 'mks', 'difference', 'cause'],
  } as const;
}

/** Writes the ledger to the scratch file as it comes. @throws LedgerTooLargeError, StorageFullError. */
async function keep(
  body: AsyncIterable<Uint8Array>,
  scratch: KeptLedger['scratch'],
): Promise<Omit<KeptLedger, 'scratch'>> {
  const write = createScratchWriter(scratch);
  const pieces: KeptLedger['pieces'] = [];
  let held: Uint8Array[] = [];
  let [heldBytes, bytes] = [0, 0];
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > LEDGER_MAX_BYTES) throw new LedgerTooLargeError();
    held.push(chunk);
    heldBytes += chunk.length;
    if (heldBytes < PIECE_BYTES) continue;
    pieces.push(write(Buffer.concat(held)));
    [held, heldBytes] = [[], 0];
  }
  if (heldBytes > 0) pieces.push(write(Buffer.concat(held)));
  return { pieces, bytes };
}

/** A ledger against the rows of a report, position by position. Runs in a thread of its own. */
import { createHash } from 'node:crypto';
import type { CheckProfile } from '../lib/check-profile.ts';
import { toDecimal } from '../lib/decimal.ts';
import { defined } from '../lib/defined.ts';
import type { SealedFile } from '../reports/spool/frames.ts';
import { FIELD_NAMES } from '../rows/columns.ts';
import { createAccounts, loneAccounts } from './accounts.ts';
import { type BreakChanges, breakPieces, type BreaksFound } from './break-lines.ts';
import { writeBreaks } from './breaks.ts';
import { causesOf } from './causes.ts';
import { breaksBefore, type Earlier } from './history.ts';
import { readLedger } from './ledger.ts';
import type { LedgerRead } from './ledger-lines.ts';
import { POSITION_FIELDS, SEPARATOR } from './positions.ts';
import { openLedger, type ReceivedLedger } from './received-ledger.ts';
import {
  closeScratch,
  createScratchWriter,
  openScratch,
  type Piece,
  type Scratch,
} from './scratch.ts';
import { compareShelves, emptyShelves, putRows, type Room, shelfCount } from './sides.ts';

/** No line of a ledger is shorter; shelves are counted before its lines are. */
const LINE_BYTES = 24;

/** What goes to another thread holds nothing but plain values and bytes. */
export interface CheckTask {
  ledger: ReceivedLedger;
  /** Sealed rows, as the spool has them, and how many they are. */
  rows: SealedFile[];
  rowCount: number;
  /** A decimal number: smaller differences are none. */
  tolerance?: string;
  /** How the ledger is read, where not as MKS writes. */
  profile?: CheckProfile;
  /** Has the breaks kept, and said since when they are there. */
  keep?: Keep;
  /** Only reads the ledger, and shows its first lines; there are no rows then. */
  dryRun?: number;
  /** For what does not fit into memory. */
  folder: string;
  /** Where the breaks go. */
  into: Scratch;
}

export interface Keep {
  /** Of the rows, `YYYYMMDD`. */
  processDate: string;
  /** Where the breaks go, sealed; there is no such file yet. */
  breaks: SealedFile;
  /** As `breaksBefore` takes it. */
  history: readonly Earlier[];
}

export interface CheckCounts {
  /** Those within the tolerance too. */
  matched: number;
  withinTolerance: number;
  onlyInLedger: number;
  onlyAtMks: number;
  different: number;
}

/** A line as it would be read. */
export type ReadLine = { line: number } & Record<string, string | number>;

export interface Checked {
  lineCount: number;
  decimalSign?: string;
  ignoredColumns: string[];
  /** Fields of the position by which both sides were compared. */
  compared: string[];
  counts: CheckCounts;
  /** Of the rows as NDJSON, hex. */
  rowsSha256: string;
  /** Where they were to be kept. */
  kept?: BreakChanges & { breaksSha256: string };
  /** Of the task's scratch: NDJSON in pieces of whole lines, a break a line, sorted by position. */
  pieces: Piece[];
  /** Of a dry run. */
  lines: ReadLine[];
}

/** @throws LedgerError, LedgerTooLargeError, SpoolDamagedError, StorageFullError. */
export async function checkLedger(task: CheckTask): Promise<Checked> {
  const scratch = openScratch(task.folder);
  try {
    const room = { scratch, write: createScratchWriter(scratch) };
    const text = await openLedger(task.ledger);
    const count = shelfCount(task.rowCount + text.bytes / LINE_BYTES);
    let ledger = emptySide(room, count);
    const lines: ReadLine[] = [];
    const read = await readLedger(
      text.stream,
      () => {
        ledger = emptySide(room, count);
        lines.length = 0;
        return (hash, record, length, line) => {
          if (task.dryRun === undefined) ledger.take(hash, record, length);
          else if (lines.length < task.dryRun) lines.push(shown(record, length, line));
        };
      },
      task.profile,
    );
    const isCompared = (field: number) => read.header.columns.has(field);
    const rows = emptySide(room, count);
    const digest = createHash('sha256');
    await putRows(task.rows, rows.take, isCompared, (pieces) => digest.update(pieces));
    const compared = POSITION_FIELDS.filter((name) => isCompared(FIELD_NAMES.indexOf(name)));
    const { found, counts } = findBreaks(room, [ledger, rows], count, task.tolerance);
    const { keep } = task;
    const before = keep && (await breaksBefore(room, keep.history));
    const changes = { new: 0, closed: 0 };
    const day = keep?.processDate ?? '';
    const breaks = breakPieces(
      scratch,
      { ...found, ...defined({ before }) },
      compared,
      day,
      changes,
    );
    const { pieces, sha256 } = await writeBreaks(
      breaks,
      createScratchWriter(task.into),
      keep?.breaks,
    );
    const kept = sha256 === undefined ? undefined : { ...changes, breaksSha256: sha256 };
    const rowsSha256 = digest.digest('hex');
    return { ...headOf(read), compared, counts, rowsSha256, pieces, lines, ...defined({ kept }) };
  } finally {
    closeScratch(scratch);
  }
}

function headOf({ header, lineCount, decimalSign }: LedgerRead) {
  const { ignoredColumns } = header;
  return { lineCount, ignoredColumns, ...(decimalSign !== undefined && { decimalSign }) };
}

function shown(record: Buffer, length: number, line: number): ReadLine {
  const values = record.toString('utf8', 0, length).split(SEPARATOR);
  const fields = [...POSITION_FIELDS, 'balanceAmount'];
  const read = fields.map((name, at) => [name, JSON.parse(`"${values[at]}"`) as string]);
  return { line, ...Object.fromEntries(read) } as ReadLine;
}

type Side = ReturnType<typeof emptySide>;

function emptySide(room: Room, count: number) {
  const shelves = emptyShelves(room, count);
  const accounts = createAccounts(room, count);
  return { shelves, accounts, take: accounts.noting(shelves.put) };
}

function findBreaks(
  room: Room,
  [ledger, rows]: [ledger: Side, rows: Side],
  count: number,
  tolerance: string | undefined,
): { found: BreaksFound; counts: CheckCounts } {
  const { runs, counts } = compareShelves(
    room,
    [ledger.shelves, rows.shelves],
    count,
    tolerance === undefined ? undefined : toDecimal(tolerance),
  );
  const lone = loneAccounts(room, [ledger.accounts, rows.accounts], count);
  return {
    found: { breaks: runs, caused: causesOf(room, runs), lone },
    counts: {
      matched: counts.same,
      withinTolerance: counts.withinTolerance,
      onlyInLedger: counts.onlyFirst,
      onlyAtMks: counts.onlySecond,
      different: counts.different,
    },
  };
}

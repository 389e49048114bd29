/**
 * Two sets of rows compared by position, in memory that does not grow with them.
 *
 * Both sides are parted by their positions on sealed shelves; one shelf of each is compared at a time, and what
 * differs is a sorted run. The runs together are the answer, in order. Runs in a thread of its own.
 */
import { compareDecimals, decimalText, subtract, toDecimal, ZERO } from '../lib/decimal.ts';
import { readFrames, type SealedFile } from '../reports/spool/frames.ts';
import { inflateLines } from '../reports/spool/zstd.ts';
import { amountsByPosition, createRowReader, POSITION_FIELDS, SEPARATOR } from './positions.ts';
import { mergeRuns, writeRun, type Run } from './runs.ts';
import {
  closeScratch,
  createScratchWriter,
  openScratch,
  type Piece,
  type Scratch,
} from './scratch.ts';
import { createShelves, type Shelves } from './shelves.ts';

/** About so many records lie on a shelf: some megabytes of each side. */
const SHELF_RECORDS = 32_768;
/** A shelf costs 16 KiB while it is filled. */
const SHELVES_MAX = 1_024;
const PIECE_BYTES = 64 * 1024;

/** What goes to another thread holds nothing but plain values and bytes. */
export interface ComparisonTask {
  /** Sealed rows, as the spool has them. */
  from: SealedFile[];
  to: SealedFile[];
  /** Of both sides. */
  rowCount: number;
  /** For what does not fit into memory. */
  folder: string;
  /** Where the differences go. */
  into: Scratch;
}

export interface Counts {
  added: number;
  removed: number;
  changed: number;
  same: number;
}

export interface Comparison {
  counts: Counts;
  /** Of the task's scratch: NDJSON in pieces of whole lines, a difference a line, sorted by position. */
  pieces: Piece[];
}

/** @throws SpoolDamagedError, StorageFullError. */
export async function compare(task: ComparisonTask): Promise<Comparison> {
  const count = Math.min(SHELVES_MAX, Math.ceil(task.rowCount / SHELF_RECORDS) || 1);
  const scratch = openScratch(task.folder);
  try {
    const write = createScratchWriter(scratch);
    const from = await shelve(task.from, createShelves(scratch, write, count));
    const to = await shelve(task.to, createShelves(scratch, write, count));
    const counts = { added: 0, removed: 0, changed: 0, same: 0 };
    const runs: Run[] = [];
    for (let shelf = 0; shelf < count; shelf++) {
      const lines = differences(from.take(shelf), to.take(shelf), counts);
      runs.push(writeRun(write, lines.toSorted()));
    }
    const pieces = writeDifferences(mergeRuns(scratch, runs), task.into);
    return { counts, pieces };
  } finally {
    closeScratch(scratch);
  }
}

async function shelve(files: readonly SealedFile[], shelves: Shelves): Promise<Shelves> {
  const read = createRowReader(shelves.put);
  for (const { path, key, context } of files) {
    for await (const lines of inflateLines(readFrames(path, key, context))) read(lines);
  }
  return shelves;
}

/** @returns a line each: the position, the amount before and the amount after, empty where there is none. */
function differences(fromRecords: string, toRecords: string, counts: Counts): string[] {
  const from = amountsByPosition(fromRecords);
  const to = amountsByPosition(toRecords);
  const lines: string[] = [];
  for (const [position, before] of from) {
    const after = to.get(position);
    if (after === undefined) {
      counts.removed += 1;
      lines.push(`${position}${SEPARATOR}${before}${SEPARATOR}`);
    } else if (isSame(before, after)) {
      counts.same += 1;
    } else {
      counts.changed += 1;
      lines.push(`${position}${SEPARATOR}${before}${SEPARATOR}${after}`);
    }
  }
  for (const [position, after] of to) {
    if (from.has(position)) continue;
    counts.added += 1;
    lines.push(`${position}${SEPARATOR}${SEPARATOR}${after}`);
  }
  return lines;
}

/** `1.5` and `1.50` are the same amount. */
function isSame(one: string, other: string): boolean {
  return one === other || compareDecimals(toDecimal(one), toDecimal(other)) === 0;
}

function writeDifferences(lines: Iterable<string>, into: Scratch): Piece[] {
  const write = createScratchWriter(into);
  const pieces: Piece[] = [];
  let piece = '';
  for (const line of lines) {
    piece += differenceDocument(line);
    if (piece.length < PIECE_BYTES) continue;
    pieces.push(write(Buffer.from(piece, 'latin1')));
    piece = '';
  }
  if (piece !== '') pieces.push(write(Buffer.from(piece, 'latin1')));
  return pieces;
}

/** @param line `latin1`, as is what is returned: the values are the inside of JSON strings already. */
function differenceDocument(line: string): string {
  const values = line.split(SEPARATOR);
  const [before = '', after = ''] = values.slice(-2);
  const change = before === '' ? 'added' : after === '' ? 'removed' : 'changed';
  const difference = decimalText(subtract(amount(after), amount(before)));
  const position = POSITION_FIELDS.map((name, index) => `"${name}":"${values[index]}",`).join('');
  return (
    `{"change":"${change}",${position}` +
    (before === '' ? '' : `"before":"${before}",`) +
    (after === '' ? '' : `"after":"${after}",`) +
    `"difference":"${difference}"}\n`
  );
}

function amount(text: string) {
  return text === '' ? ZERO : toDecimal(text);
}

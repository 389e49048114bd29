/**
 * Two sides compared by position, in memory that does not grow with them.
 *
 * Both are parted by their positions on sealed shelves; one shelf of each is compared at a time, and what differs
 * is a sorted run. The runs together are the answer, in order.
 */
import { compareDecimals, type Decimal, subtract, toDecimal, ZERO } from '../lib/decimal.ts';
import { readKeptFrames, type SealedFile } from '../reports/spool/frames.ts';
import { inflateLines } from '../reports/spool/zstd.ts';
import { createRowReader, SEPARATOR, type TakeRecord } from './positions.ts';
import { writeRun, type Run } from './runs.ts';
import type { Scratch, ScratchWriter } from './scratch.ts';
import { createShelves, type Shelves } from './shelves.ts';
import { compareRecords, type ShelfCompared } from './table.ts';

/** About so many records lie on a shelf: some megabytes of each side. */
const SHELF_RECORDS = 32_768;
/** A shelf costs 16 KiB while it is filled. */
const SHELVES_MAX = 1_024;

/** Where what does not fit into memory goes. */
export interface Room {
  scratch: Scratch;
  write: ScratchWriter;
}

export interface SideCounts {
  onlyFirst: number;
  onlySecond: number;
  different: number;
  /** Those within the tolerance too. */
  same: number;
  withinTolerance: number;
}

/** @param recordCount of both sides, about. @returns how many shelves each of them needs. */
export function shelfCount(recordCount: number): number {
  return Math.min(SHELVES_MAX, Math.ceil(recordCount / SHELF_RECORDS) || 1);
}

/** A side as it is filled, record by record. */
export function emptyShelves({ scratch, write }: Room, count: number): Shelves {
  return createShelves(scratch, write, count);
}

/**
 * Has every kept row put as a record.
 * @param isCompared as `createRowReader` takes it. @param onLines told of the rows as they are kept.
 */
export async function putRows(
  files: readonly SealedFile[],
  put: TakeRecord,
  isCompared?: (field: number) => boolean,
  onLines?: (lines: Buffer) => void,
): Promise<void> {
  const read = createRowReader(put, isCompared);
  for (const file of files) {
    for await (const lines of inflateLines(readKeptFrames(file))) {
      onLines?.(lines);
      read(lines);
    }
  }
}

/**
 * @param tolerance differences smaller than this count as none; without it only those of 0 on both sides do.
 * @returns runs of lines, sorted by position: the position, the first amount and the second, empty where there is none.
 */
export function compareShelves(
  { write }: Room,
  sides: readonly [first: Shelves, second: Shelves],
  count: number,
  tolerance?: Decimal,
): { runs: Run[]; counts: SideCounts } {
  const counts = { onlyFirst: 0, onlySecond: 0, different: 0, same: 0, withinTolerance: 0 };
  const runs: Run[] = [];
  for (let shelf = 0; shelf < count; shelf++) {
    const compared = compareRecords(sides[0].take(shelf), sides[1].take(shelf));
    runs.push(writeRun(write, differences(compared, counts, tolerance).toSorted()));
  }
  return { runs, counts };
}

function differences(
  { differing, same }: ShelfCompared,
  counts: SideCounts,
  tolerance: Decimal | undefined,
): string[] {
  const lines: string[] = [];

  function take(position: string, one: string, other: string, kind: keyof SideCounts): void {
    if (tolerance !== undefined && isWithin(one, other, tolerance)) {
      counts.withinTolerance += 1;
      counts.same += 1;
      return;
    }
    counts[kind] += 1;
    lines.push(`${position}${SEPARATOR}${one}${SEPARATOR}${other}`);
  }

  counts.same += same;
  for (const { position, first, second } of differing) {
    if (second === '') take(position, first, '', 'onlyFirst');
    else if (first === '') take(position, '', second, 'onlySecond');
    else if (isSame(first, second)) counts.same += 1;
    else take(position, first, second, 'different');
  }
  return lines;
}

/** `1.5` and `1.50` are the same amount. */
function isSame(one: string, other: string): boolean {
  return one === other || compareDecimals(toDecimal(one), toDecimal(other)) === 0;
}

function isWithin(one: string, other: string, tolerance: Decimal): boolean {
  const { units, places } = subtract(amountOf(one), amountOf(other));
  return compareDecimals({ units: units < 0n ? -units : units, places }, tolerance) < 0;
}

/** @param text empty where there is no such position, which is a balance of 0. */
export function amountOf(text: string): Decimal {
  return text === '' ? ZERO : toDecimal(text);
}

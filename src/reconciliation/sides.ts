/**
 * Two sides compared by position, in memory that does not grow with them.
 *
 * Both are parted by their positions on sealed shelves; one shelf of each is compared at a time, and what differs
 * is a sorted run. The runs together are the answer, in order.
 */
import {
  compareDecimals,
  type Decimal,
  differenceText,
  isZero,
  toDecimal,
} from '../lib/decimal.ts';
import { readKeptFrames, type SealedFile } from '../reports/spool/frames.ts';
import { inflateLines } from '../reports/spool/zstd.ts';
import { createRowReader, SEPARATOR, type TakeRecord } from './positions.ts';
import type { Run } from './runs.ts';
import type { Scratch, ScratchWriter } from './scratch.ts';
import { createShelves, type Shelves } from './shelves.ts';
import { createSorter } from './sorter.ts';
import { createTable, type Position, type Table, type TakeDiffering } from './table.ts';

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
    for await (const lines of inflateLines(readKeptFrames(file), true)) {
      onLines?.(lines);
      read(lines);
    }
  }
}

/**
 * @param tolerance differences smaller than this count as none; without it only those of 0 on both sides do.
 * @returns runs of lines, sorted by position: the position, the first amount and the second, empty where there is none,
 *   and the first less the second.
 */
export function compareShelves(
  { write }: Room,
  sides: readonly [first: Shelves, second: Shelves],
  count: number,
  tolerance?: Decimal,
): { runs: Run[]; counts: SideCounts } {
  const counts = { onlyFirst: 0, onlySecond: 0, different: 0, same: 0, withinTolerance: 0 };
  const sorter = createSorter(write);
  const table = createTable();

  function take(position: Position, first: string, second: string): void {
    const difference = differenceText(first, second);
    const isOnBoth = first !== '' && second !== '';
    if (isOnBoth && isZero(difference)) {
      // `1.5` and `1.50` are the same amount.
      counts.same += 1;
    } else if (tolerance !== undefined && isWithin(difference, tolerance)) {
      counts.withinTolerance += 1;
      counts.same += 1;
    } else {
      counts[isOnBoth ? 'different' : first === '' ? 'onlySecond' : 'onlyFirst'] += 1;
      const amounts = `${SEPARATOR}${first}${SEPARATOR}${second}${SEPARATOR}${difference}`;
      sorter.put(position.view, position.start, position.end).putText(amounts).endLine();
    }
  }

  for (let shelf = 0; shelf < count; shelf++) {
    const same = compareShelf(table, sides, shelf, take);
    counts.same += same;
  }
  return { runs: sorter.finish(), counts };
}

/** @returns as `Table.compare`. */
export function compareShelf(
  table: Table,
  [one, other]: readonly [first: Shelves, second: Shelves],
  shelf: number,
  take: TakeDiffering,
): number {
  const [first, second] = [one.sizeOf(shelf), other.sizeOf(shelf)];
  const records = table.roomFor({
    records: first.records + second.records,
    bytes: first.bytes + second.bytes,
  });
  const firstEnd = one.take(shelf, records, 0);
  return table.compare(firstEnd, other.take(shelf, records, firstEnd), take);
}

function isWithin(difference: string, tolerance: Decimal): boolean {
  const { units, places } = toDecimal(difference);
  return compareDecimals({ units: units < 0n ? -units : units, places }, tolerance) < 0;
}

/** Two sets of rows compared by position: what changed from one to the other. Runs in a thread of its own. */
import type { SealedFile } from '../reports/spool/frames.ts';
import { writeChanges } from './changed-lines.ts';
import { mergeRuns } from './runs.ts';
import {
  closeScratch,
  createScratchWriter,
  openScratch,
  type Piece,
  type Scratch,
} from './scratch.ts';
import { compareShelves, emptyShelves, putRows, shelfCount } from './sides.ts';

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
  const count = shelfCount(task.rowCount);
  const scratch = openScratch(task.folder);
  try {
    const room = { scratch, write: createScratchWriter(scratch) };
    const from = emptyShelves(room, count);
    await putRows(task.from, from.put);
    const to = emptyShelves(room, count);
    await putRows(task.to, to.put);
    // What is gained by the day: the later one less the earlier.
    const { runs, counts } = compareShelves(room, [to, from], count);
    const write = createScratchWriter(task.into);
    const pieces: Piece[] = [];
    writeChanges(mergeRuns(scratch, runs), (piece) => pieces.push(write(piece)));
    return {
      counts: {
        added: counts.onlyFirst,
        removed: counts.onlySecond,
        changed: counts.different,
        same: counts.same,
      },
      pieces,
    };
  } finally {
    closeScratch(scratch);
  }
}

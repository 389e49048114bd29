/** Two sets of rows compared by position: what changed from one to the other. Runs in a thread of its own. */
import { decimalText, subtract } from '../lib/decimal.ts';
import type { SealedFile } from '../reports/spool/frames.ts';
import { POSITION_FIELDS, SEPARATOR } from './positions.ts';
import { mapped, mergeRuns } from './runs.ts';
import {
  closeScratch,
  createScratchWriter,
  openScratch,
  type Piece,
  type Scratch,
  writePieces,
} from './scratch.ts';
import { amountOf, compareShelves, emptyShelves, putRows, shelfCount } from './sides.ts';

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
    const { runs, counts } = compareShelves(room, [from, to], count);
    const documents = mapped(mergeRuns(scratch, runs), differenceDocument);
    return {
      counts: {
        added: counts.onlySecond,
        removed: counts.onlyFirst,
        changed: counts.different,
        same: counts.same,
      },
      pieces: writePieces(createScratchWriter(task.into), documents),
    };
  } finally {
    closeScratch(scratch);
  }
}

/** @param line `latin1`, as is what is returned: the values are the inside of JSON strings already. */
function differenceDocument(line: string): string {
  const values = line.split(SEPARATOR);
  const [before = '', after = ''] = values.slice(-2);
  const change = before === '' ? 'added' : after === '' ? 'removed' : 'changed';
  const difference = decimalText(subtract(amountOf(after), amountOf(before)));
  const position = POSITION_FIELDS.map((name, index) => `"${name}":"${values[index]}",`).join('');
  return (
    `{"change":"${change}",${position}` +
    (before === '' ? '' : `"before":"${before}",`) +
    (after === '' ? '' : `"after":"${after}",`) +
    `"difference":"${difference}"}\n`
  );
}

/** Lines of any number, sorted as bytes: as many at once as fit into a few megabytes, each time a run. */
import { viewOf } from '../lib/words.ts';
import { createPieceWriter, type PieceWriter } from './piece-writer.ts';
import type { Run } from './runs.ts';
import type { ScratchWriter } from './scratch.ts';

const RUN_BYTES = 2 * 1024 * 1024;
const LINE_FEED = 0x0a;
/** So many are sorted by putting one after the other in its place. */
const FEW = 8;

export interface Sorter extends Pick<PieceWriter, 'put' | 'putText' | 'endLine'> {
  /** @throws StorageFullError, as ending a line may too. */
  finish(): Run[];
}

export function createSorter(write: ScratchWriter): Sorter {
  const runs: Run[] = [];
  const lines = createPieceWriter((piece) => runs.push(writeSorted(write, piece)), RUN_BYTES);
  return {
    ...lines,
    finish() {
      lines.finish();
      return runs;
    },
  };
}

function writeSorted(write: ScratchWriter, lines: Buffer): Run {
  const run: Run = [];
  const writer = createPieceWriter((piece) => run.push(write(piece)));
  const view = viewOf(lines);
  for (const start of sortedStarts(lines)) {
    writer.put(view, start, lines.indexOf(LINE_FEED, start)).endLine();
  }
  writer.finish();
  return run;
}

/** Where lines begin, in the order of the lines. */
function sortedStarts(lines: Buffer): Int32Array {
  let starts: Int32Array = startsOf(lines);
  for (let from = 0; from < starts.length; from += FEW) {
    sortFew(lines, starts, from, Math.min(from + FEW, starts.length));
  }
  let merged: Int32Array = new Int32Array(starts.length);
  for (let width = FEW; width < starts.length; width *= 2) {
    for (let from = 0; from < starts.length; from += 2 * width) {
      merge(lines, starts, merged, from, width);
    }
    [starts, merged] = [merged, starts];
  }
  return starts;
}

function startsOf(lines: Buffer): Int32Array {
  let count = 0;
  for (let at = 0; at < lines.length; at++) if (lines[at] === LINE_FEED) count += 1;
  const starts = new Int32Array(count);
  for (let at = 0, line = 1; line < count; at++)
    if (lines[at] === LINE_FEED) starts[line++] = at + 1;
  return starts;
}

function sortFew(lines: Buffer, starts: Int32Array, from: number, to: number): void {
  for (let next = from + 1; next < to; next++) {
    const start = starts[next] as number;
    let at = next;
    for (; at > from && isBefore(lines, start, starts[at - 1] as number); at--) {
      starts[at] = starts[at - 1] as number;
    }
    starts[at] = start;
  }
}

/** Two sorted stretches of so many from there, or of what is left, as one. */
function merge(
  lines: Buffer,
  starts: Int32Array,
  into: Int32Array,
  from: number,
  width: number,
): void {
  const middle = Math.min(from + width, starts.length);
  const end = Math.min(middle + width, starts.length);
  let [one, other] = [from, middle];
  for (let at = from; at < end; at++) {
    const isOther =
      one === middle ||
      (other < end && isBefore(lines, starts[other] as number, starts[one] as number));
    into[at] = starts[isOther ? other++ : one++] as number;
  }
}

/** No line holds a byte that is smaller than a line feed, which ends both. */
function isBefore(lines: Buffer, start: number, otherStart: number): boolean {
  for (let [at, other] = [start, otherStart]; ; at++, other++) {
    const difference = (lines[at] as number) - (lines[other] as number);
    if (difference !== 0) return difference < 0;
    if (lines[at] === LINE_FEED) return false;
  }
}

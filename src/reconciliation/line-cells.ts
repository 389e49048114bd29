/** The cells of a line that `compareShelves` gives, and what may follow them. */
import { POSITION_FIELDS, SEPARATOR } from './positions.ts';
import type { Lines } from './runs.ts';

const SEPARATOR_BYTE = SEPARATOR.charCodeAt(0);
const FIELDS = POSITION_FIELDS.length;

/** By cell: those of the position, then these. */
export const FIRST_AMOUNT = FIELDS;
export const SECOND_AMOUNT = FIELDS + 1;
export const DIFFERENCE = FIELDS + 2;
const CELLS = FIELDS + 3;

/** Where the cells of a line lie. */
export interface Cells {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** @param from where the first cell begins: the line's start unless told. */
  find(lines: Lines, from?: number): void;
  isEmpty(cell: number): boolean;
}

export function createCells(): Cells {
  const starts = new Int32Array(CELLS);
  const ends = new Int32Array(CELLS);
  return {
    starts,
    ends,
    find({ bytes, start, end }, from = start) {
      let cell = 0;
      starts[0] = from;
      for (let at = from; at < end; at++) {
        if (bytes[at] !== SEPARATOR_BYTE) continue;
        ends[cell] = at;
        cell += 1;
        if (cell === CELLS) return;
        starts[cell] = at + 1;
      }
      ends[cell] = end;
    },
    isEmpty: (cell) => starts[cell] === ends[cell],
  };
}

/** Remembers what became of odd cells, by their bytes: a report has few of them, again and again. */
import { startsAlike } from '../../lib/words.ts';
import { textOf } from './kept-cells.ts';

/** With those that are longer than that, a reader would hold more than a few hundred kilobytes. */
const PLACES = 512;
const MAX_BYTES = 256;

interface Known {
  cell: Buffer;
  written: Buffer;
}

/**
 * @param write a cell's text as it is to be written: the same for the same text.
 * @returns the same for a cell of a kept line that lies there, as bytes that are not to be changed.
 */
export function createKnownCells(
  write: (text: string) => string,
): (piece: Buffer, start: number, end: number) => Buffer {
  const known: (Known | undefined)[] = Array.from({ length: PLACES });
  return (piece, start, end) => {
    const place = placeOf(piece, start, end, PLACES);
    const found = known[place];
    const length = end - start;
    if (found?.cell.length === length && startsAlike(found.cell, length, piece, start)) {
      return found.written;
    }
    const written = Buffer.from(write(textOf(piece, start, end)));
    if (length + written.length <= MAX_BYTES) {
      known[place] = { cell: Buffer.from(piece.subarray(start, end)), written };
    }
    return written;
  };
}

/** Which of so many places, a power of two, a cell's bytes have: the same for the same. */
export function placeOf(piece: Buffer, start: number, end: number, places: number): number {
  let hash = 0;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (piece[at] as number)) | 0;
  return (hash ^ (hash >>> 15)) & (places - 1);
}

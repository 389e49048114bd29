/** Records parted by their position, on shelves of which each fits into memory. */
import type { TakeRecord } from './positions.ts';
import { readPiece, type Piece, type Scratch, type ScratchWriter } from './scratch.ts';

const PIECE_BYTES = 16 * 1024;

export interface Shelves {
  /** Lays a record on the shelf of its position. @throws StorageFullError. */
  put: TakeRecord;
  /** All records of a shelf; nothing may be put from then on. */
  take(shelf: number): Buffer;
}

/** @param write where the scratch's pieces go. */
export function createShelves(scratch: Scratch, write: ScratchWriter, count: number): Shelves {
  const pieces = Array.from({ length: count }, (): Piece[] => []);
  const open = Array.from({ length: count }, () => ({ bytes: Buffer.alloc(0), used: 0 }));

  return {
    put(hash, record, length) {
      const shelf = hash % count;
      const filling = open[shelf] as (typeof open)[number];
      if (filling.used + length > filling.bytes.length) {
        if (filling.used > 0) pieces[shelf]?.push(write(filling.bytes.subarray(0, filling.used)));
        if (filling.bytes.length < length || filling.bytes.length === 0) {
          filling.bytes = Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, length));
        }
        filling.used = 0;
      }
      record.copy(filling.bytes, filling.used, 0, length);
      filling.used += length;
    },
    take(shelf) {
      const written = (pieces[shelf] ?? []).map((piece) => readPiece(scratch, piece));
      const rest = open[shelf];
      if (rest !== undefined) written.push(rest.bytes.subarray(0, rest.used));
      return Buffer.concat(written);
    },
  };
}

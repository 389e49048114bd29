/** Records parted by their position, on shelves of which each fits into memory. */
import { copyBytes, viewOf } from '../lib/words.ts';
import type { TakeRecord } from './positions.ts';
import { createScratchReader, type Piece, type Scratch, type ScratchWriter } from './scratch.ts';

const PIECE_BYTES = 16 * 1024;
/** Before each record on a shelf: its hash, then its length, 32 bits each. */
export const RECORD_HEAD_BYTES = 8;

export interface Shelves {
  /** Lays a record on the shelf of its hash. @throws StorageFullError. */
  put: TakeRecord;
  /** How many records lie there, and how many bytes they take with their heads. */
  sizeOf(shelf: number): { records: number; bytes: number };
  /** Copies all records of a shelf, each behind its head; nothing may be put from then on. @returns where they end. */
  take(shelf: number, target: Buffer, at: number): number;
}

/** @param write where the scratch's pieces go. */
export function createShelves(scratch: Scratch, write: ScratchWriter, count: number): Shelves {
  const shelves = Array.from({ length: count }, createShelf);
  const read = createScratchReader(scratch);
  let seen: Uint8Array | undefined;
  let source = viewOf(Buffer.alloc(0));

  function shelfAt(at: number): Shelf {
    return shelves[at] as Shelf;
  }

  /** The open piece goes to the disk, and there is room for so many bytes. */
  function turnOver(shelf: Shelf, needed: number): void {
    if (shelf.used > 0) shelf.pieces.push(write(shelf.open.subarray(0, shelf.used)));
    if (shelf.open.length < needed || shelf.open.length === 0) {
      shelf.open = Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, needed));
      shelf.view = viewOf(shelf.open);
    }
    shelf.used = 0;
  }

  return {
    put(hash, record, length) {
      // Bits that a table of the shelf's records hardly looks at.
      const shelf = shelfAt((hash >>> 8) % count);
      const needed = RECORD_HEAD_BYTES + length;
      if (shelf.used + needed > shelf.open.length) turnOver(shelf, needed);
      if (record !== seen) [seen, source] = [record, viewOf(record)];
      shelf.view.setInt32(shelf.used, hash);
      shelf.view.setInt32(shelf.used + 4, length);
      shelf.used = copyBytes(source, 0, length, shelf.view, shelf.used + RECORD_HEAD_BYTES);
      shelf.records += 1;
    },
    sizeOf(at) {
      const { records, pieces, used } = shelfAt(at);
      return { records, bytes: pieces.reduce((sum, { length }) => sum + length, used) };
    },
    take(shelfNumber, target, at) {
      const { pieces, open, used } = shelfAt(shelfNumber);
      let end = at;
      for (const piece of pieces) {
        read(piece, target, end);
        end += piece.length;
      }
      open.copy(target, end, 0, used);
      return end + used;
    },
  };
}

interface Shelf {
  pieces: Piece[];
  /** What has not gone to the disk. */
  open: Buffer;
  view: DataView;
  used: number;
  records: number;
}

function createShelf(): Shelf {
  const open = Buffer.alloc(0);
  return { pieces: [], open, view: viewOf(open), used: 0, records: 0 };
}

/** Lines as they are written, part by part, in pieces of whole lines. */
import { copyBytes, viewOf } from '../lib/words.ts';

const PIECE_BYTES = 64 * 1024;
/** A line that goes over the end of a piece mostly fits in here. */
const SPARE_BYTES = 1024;

export interface PieceWriter {
  /** A part of the line: the bytes at `[start, end)`, all unless told. */
  put(source: DataView, start?: number, end?: number): PieceWriter;
  /** @param text `latin1`: a byte a character. */
  putText(text: string): PieceWriter;
  /** Ends the line with a line feed. */
  endLine(): void;
  /** Gives the rest. */
  finish(): void;
}

/** A part that comes again and again. */
export function part(text: string): DataView {
  return viewOf(Buffer.from(text));
}

/**
 * @param take is lent each piece: it is overwritten when it returns.
 * @param pieceBytes a piece is given when it is so full; its last line may go over that.
 */
export function createPieceWriter(
  take: (piece: Buffer) => void,
  pieceBytes: number = PIECE_BYTES,
): PieceWriter {
  let bytes = Buffer.allocUnsafeSlow(pieceBytes + SPARE_BYTES);
  let view = viewOf(bytes);
  let used = 0;

  function makeRoom(length: number): void {
    const larger = Buffer.allocUnsafeSlow(2 * (used + length));
    bytes.copy(larger, 0, 0, used);
    bytes = larger;
    view = viewOf(bytes);
  }

  function flush(): void {
    if (used > 0) take(bytes.subarray(0, used));
    used = 0;
  }

  const writer: PieceWriter = {
    put(source, start = 0, end = source.byteLength) {
      if (used + end - start > bytes.length) makeRoom(end - start);
      used = copyBytes(source, start, end, view, used);
      return writer;
    },
    putText(text) {
      if (used + text.length > bytes.length) makeRoom(text.length);
      used += bytes.write(text, used, 'latin1');
      return writer;
    },
    endLine() {
      if (used === bytes.length) makeRoom(1);
      bytes[used++] = 0x0a;
      if (used >= pieceBytes) flush();
    },
    finish: flush,
  };
  return writer;
}

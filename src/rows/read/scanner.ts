/** What the readers of JSON and of CSV have in common: they eat a file window by window. */
import { unexpectedContent } from './errors.ts';
import { PIECE_MAX_BYTES } from './text-pieces.ts';

/** No row may be longer than this, as it stands in the file. */
export const ROW_MAX_BYTES = 64 * 1024;

/** No scanner asks for more than this to be kept for its next window. */
export const PENDING_MAX_BYTES = 1024 * 1024;

export interface Scanner {
  /**
   * Reads the rows that are complete in the window.
   * @param window what the last call left over, and the bytes that follow it.
   * @param last whether the file ends with this window.
   * @returns how many bytes are done with; the rest has to come again in the next window.
   * @throws ArchiveError for what is not a file of rows.
   */
  scan(window: Uint8Array, last: boolean): number;
  /** The most that may be left over for the next window, PENDING_MAX_BYTES or less. */
  readonly pendingMaxBytes: number;
  /** @throws ArchiveError when the file has ended too early. */
  end(): void;
}

/**
 * Has a scanner eat all pieces of a file, of PIECE_MAX_BYTES at most.
 * @param afterPiece awaited when a piece has been scanned.
 * @throws ArchiveError when more is left over than may be, and what the two and the pieces throw.
 */
export async function scanPieces(
  scanner: Scanner,
  pieces: AsyncIterable<Uint8Array>,
  afterPiece: () => Promise<void> | void = () => undefined,
): Promise<void> {
  // One buffer for every window: what is pending is moved to its front, and the next piece follows.
  const buffer = Buffer.allocUnsafeSlow(PENDING_MAX_BYTES + PIECE_MAX_BYTES);
  let pendingBytes = 0;
  for await (const piece of pieces) {
    buffer.set(piece, pendingBytes);
    const windowBytes = pendingBytes + piece.length;
    const done = scanner.scan(buffer.subarray(0, windowBytes), false);
    buffer.copyWithin(0, done, windowBytes);
    pendingBytes = windowBytes - done;
    if (pendingBytes > scanner.pendingMaxBytes) throw unexpectedContent('a row is too long');
    await afterPiece();
  }
  scanner.scan(buffer.subarray(0, pendingBytes), true);
  scanner.end();
}

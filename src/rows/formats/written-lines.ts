/** Kept lines written as other bytes, gathered into pieces that are worth a write of their own. */
import { NOT_AS_KEPT } from './kept-cells.ts';

/** What goes out at a time, about. */
const PIECE_BYTES = 256 * 1024;

/**
 * @param write writes lines from a position on, where there is room for as many bytes as they have; gives the position
 *   after them, or NOT_AS_KEPT.
 * @param otherwise writes those of which `write` said so.
 */
export async function* writtenLines(
  pieces: AsyncIterable<Buffer>,
  write: (lines: Buffer, target: Buffer, from: number) => number,
  otherwise: (lines: Buffer) => Buffer,
): AsyncGenerator<Buffer> {
  let written = Buffer.alloc(0);
  let used = 0;
  for await (const lines of pieces) {
    if (used + lines.length > written.length) {
      yield written.subarray(0, used);
      written = Buffer.allocUnsafeSlow(Math.max(PIECE_BYTES, lines.length));
      used = 0;
    }
    const end = write(lines, written, used);
    if (end !== NOT_AS_KEPT) {
      used = end;
      continue;
    }
    yield written.subarray(0, used);
    yield otherwise(lines);
    written = Buffer.alloc(0);
    used = 0;
  }
  yield written.subarray(0, used);
}

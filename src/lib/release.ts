/**
 * Lets go of the memory that bytes lie in at once. Left to the garbage collector, pieces of a large file
 * pile up outside of its heap, and it runs for them again and again: over all of the heap, tens of megabytes.
 */
import { Readable, type Writable } from 'node:stream';

type Pieces = AsyncIterable<Uint8Array>;

/**
 * @param bytes alone in their memory, or in that of small Buffers, which many share and which stays; neither
 *   they nor anything else in it can be used any more.
 */
export function release({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength > Buffer.poolSize) buffer.transfer(0);
}

/**
 * The same pieces; the memory of each is let go of when its taker has done with it.
 * @param pieces those that share memory follow each other, as zlib gives them, and nothing else lies in it.
 * @param heldBytes how much of what he was given the taker still needs, at most; nothing unless told, once
 *   he asks for the next piece.
 */
export async function* releasing<Piece extends Uint8Array>(
  pieces: AsyncIterable<Piece>,
  heldBytes = (): number => 0,
): AsyncGenerator<Piece> {
  const given: { piece: Piece; end: number }[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    given.push({ piece, end: bytes });
    yield piece;
    const done = bytes - heldBytes();
    for (let [first, next] = given; next && first && first.end <= done; [first, next] = given) {
      given.shift();
      if (next.piece.buffer !== first.piece.buffer) release(first.piece);
    }
  }
}

/**
 * The pieces as a stream that is to be piped into the taker, and nowhere else.
 * @param pieces as `releasing` takes them.
 */
export function streamInto(taker: Writable, pieces: Pieces): Readable {
  const heldBytes = (): number => stream.readableLength + taker.writableLength;
  const stream: Readable = Readable.from(releasing(pieces, heldBytes), { objectMode: false });
  return stream;
}

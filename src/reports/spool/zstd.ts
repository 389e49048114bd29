/**
 * Rows as zstd: one zstd frame a file, flushed at each piece.
 *
 * One frame and not one a piece: what is kept goes to clients as it is, and common decoders (that
 * of Node's fetch among them) stop after the first frame without a word.
 */
import { pipeline } from 'node:stream';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import { releasing, streamInto } from '../../lib/release.ts';
import { CODED_PIECE_BYTES, ZSTD_OPTIONS } from '../../rows/codings.ts';
import { SpoolDamagedError } from '../errors.ts';

const NEWLINE = 0x0a;
/** A line is a row; no row of ours is nearly as long. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;

export interface Deflater {
  /** @returns the compressed bytes so far that have not been given yet. */
  deflate(piece: Uint8Array): Promise<Buffer>;
  /** @returns the rest, the frame's end included. */
  end(): Promise<Buffer>;
}

export function createDeflater(): Deflater {
  const stream = createZstdCompress(ZSTD_OPTIONS);
  let output: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => output.push(chunk));
  function take(): Buffer {
    const taken = Buffer.concat(output);
    output = [];
    return taken;
  }
  return {
    async deflate(piece) {
      await new Promise<void>((resolve, reject) => {
        stream.once('error', reject);
        stream.write(piece);
        stream.flush(constants.ZSTD_e_flush, () => {
          stream.off('error', reject);
          resolve();
        });
      });
      return take();
    },
    async end() {
      await new Promise<void>((resolve, reject) => {
        stream.once('error', reject);
        stream.once('end', resolve);
        stream.end();
      });
      return take();
    },
  };
}

/**
 * Inflates one file's rows.
 * @param pieces as `releasing` takes them: their memory is let go of.
 * @returns pieces cut anywhere, each its taker's.
 * @throws SpoolDamagedError, and what `pieces` throws.
 */
export function inflate(pieces: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const decompressor = createZstdDecompress({ chunkSize: CODED_PIECE_BYTES });
  // Whoever reads sees the pipeline's failure as the stream's own.
  return pipeline(streamInto(decompressor, pieces), decompressor, () => undefined);
}

/**
 * The same in pieces of whole lines.
 * @param isLent whether a piece is done with when the next one is asked for: its memory goes then.
 * @throws SpoolDamagedError, and what `pieces` throws.
 */
export async function* inflateLines(
  pieces: AsyncIterable<Buffer>,
  isLent = false,
): AsyncGenerator<Buffer> {
  const inflated = inflate(pieces);
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of isLent ? releasing(inflated) : inflated) {
    // A line that two chunks share is put together alone: all others stay where they lie.
    const start = rest.length === 0 ? 0 : chunk.indexOf(NEWLINE) + 1;
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (start > 0) yield Buffer.concat([rest, chunk.subarray(0, start)]);
    if (end > start) yield chunk.subarray(start, end);
    rest = end === 0 ? Buffer.concat([rest, chunk]) : Buffer.from(chunk.subarray(end));
    if (rest.length > MAX_LINE_BYTES) throw new SpoolDamagedError('a line is too long');
  }
  if (rest.length > 0) throw new SpoolDamagedError('the last line is not whole');
}

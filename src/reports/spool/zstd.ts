/**
 * Rows as zstd: one zstd frame a file, flushed at each piece.
 *
 * One frame and not one a piece: what is kept goes to clients as it is, and common decoders (that
 * of Node's fetch among them) stop after the first frame without a word.
 */
import { pipeline, Readable } from 'node:stream';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
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
 * @returns pieces of whole lines.
 * @throws SpoolDamagedError, and what `pieces` throws.
 */
export async function* inflateLines(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  // The generator below sees the pipeline's failure as the stream's own.
  const inflated = pipeline(
    Readable.from(pieces),
    createZstdDecompress({ chunkSize: CODED_PIECE_BYTES }),
    () => undefined,
  );
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of inflated as AsyncIterable<Buffer>) {
    const joined = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const end = joined.lastIndexOf(NEWLINE) + 1;
    if (end > 0) yield joined.subarray(0, end);
    rest = joined.subarray(end);
    if (rest.length > MAX_LINE_BYTES) throw new SpoolDamagedError('a line is too long');
  }
  if (rest.length > 0) throw new SpoolDamagedError('the last line is not whole');
}

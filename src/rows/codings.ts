/** Content codings of rows (RFC 9110 §8.4), each the quick kind: rows repeat so much that more effort hardly gains. */
import { pipeline, Readable, type Transform } from 'node:stream';
import { constants, createBrotliCompress, createGzip, createZstdCompress } from 'node:zlib';

/** Welcome alike, the one that costs least for what it saves comes first. */
export const codings = ['zstd', 'gzip', 'br'] as const;
export type Coding = (typeof codings)[number];

const compressors: Record<Coding, () => Transform> = {
  zstd: () => createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
  gzip: () => createGzip({ level: 1 }),
  br: () =>
    createBrotliCompress({
      params: { [constants.BROTLI_PARAM_QUALITY]: 3, [constants.BROTLI_PARAM_LGWIN]: 18 },
    }),
};

/**
 * The pieces as one compressed stream. zstd gives one frame (RFC 8878 §3.1): several in a row would
 * be as good by the letter, but Node's decoder, for one, drops what follows a frame's end within a
 * chunk and reports success.
 *
 * What the pieces throw passes through.
 */
export function compress(coding: Coding, pieces: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // A failure of the pieces destroys the compressor with it, and so reaches whoever reads that.
  return pipeline(Readable.from(pieces), compressors[coding](), () => undefined);
}

/** Content codings of rows (RFC 9110 §8.4), each the quick kind: rows repeat so much that more effort hardly gains. */
import { pipeline, type Transform } from 'node:stream';
import { constants, createBrotliCompress, createGzip, createZstdCompress } from 'node:zlib';
import { streamInto } from '../lib/release.ts';

/** Welcome alike, the one that costs least for what it saves comes first. */
export const codings = ['zstd', 'gzip', 'br'] as const;
export type Coding = (typeof codings)[number];

/** Bytes that coders give at a time: their default of 16 KiB costs twice the time. */
export const CODED_PIECE_BYTES = 128 * 1024;

/** Of zstd, for rows that are kept as for those that go out. */
export const ZSTD_OPTIONS = {
  chunkSize: CODED_PIECE_BYTES,
  params: {
    [constants.ZSTD_c_compressionLevel]: 1,
    // Each reader holds as much: 128 KiB and not 512, for rows that look alike anyway.
    [constants.ZSTD_c_windowLog]: 17,
  },
};

const compressors: Record<Coding, () => Transform> = {
  zstd: () => createZstdCompress(ZSTD_OPTIONS),
  gzip: () => createGzip({ level: 1, chunkSize: CODED_PIECE_BYTES }),
  br: () =>
    createBrotliCompress({
      chunkSize: CODED_PIECE_BYTES,
      params: { [constants.BROTLI_PARAM_QUALITY]: 3, [constants.BROTLI_PARAM_LGWIN]: 18 },
    }),
};

/**
 * The pieces as one compressed stream. zstd gives one frame (RFC 8878 §3.1): several in a row would
 * be as good by the letter, but Node's decoder, for one, drops what follows a frame's end within a
 * chunk and reports success.
 *
 * What the pieces throw passes through.
 * @param pieces as `releasing` takes them: their memory is let go of.
 */
export function compress(coding: Coding, pieces: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  // A failure of the pieces destroys the compressor with it, and so reaches whoever reads that.
  const compressor = compressors[coding]();
  return pipeline(streamInto(compressor, pieces), compressor, () => undefined);
}

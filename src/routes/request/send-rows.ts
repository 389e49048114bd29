/** A ready report's rows as an answer, in the format that was negotiated. */
import { pipeline, Readable } from 'node:stream';
import { constants, createZstdCompress } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Desk, Report, RowSource } from '../../reports/types.ts';
import { ProblemError } from '../../problems.ts';
import { acceptsCoding, matchesEntityTag, preferredType } from '../../lib/negotiation.ts';
import { findFormat, formatsByType, type Format } from '../../rows/formats/index.ts';
import { requireChunks, sendStream } from './send.ts';

export interface ChosenFormat {
  format: Format;
  /** Send the kept lines as one zstd frame. */
  zstd: boolean;
}

/** What a request says of the format besides its Accept header. */
export interface FormatQuery {
  /** A format's name; it wins over Accept. */
  format?: string;
  /** The older way to name csv-excel: its rows where CSV is accepted, and CSV by default. */
  dialect?: 'excel-tr';
}

/**
 * The format that the request asks for.
 *
 * @throws ProblemError `not-acceptable`, `invalid-request` for HTTP/1.0.
 */
export function negotiateRows(
  request: FastifyRequest,
  { format: name, dialect }: FormatQuery = {},
): ChosenFormat {
  requireChunks(request);
  const offers = formatsByType(dialect === undefined ? undefined : findFormat('csv-excel'));
  const format =
    name === undefined
      ? offers.get(preferredType(request.headers.accept, [...offers.keys()]) ?? '')
      : findFormat(name);
  if (format === undefined) throw new ProblemError('not-acceptable');
  return { format, zstd: format.isAsKept === true && acceptsCoding(codings(request), 'zstd') };
}

/**
 * Sends the rows, or 304 when the caller has them already.
 *
 * @param report a ready one.
 * @throws ReportGoneError, ArchiveError, MksError.
 */
export async function sendRows(
  desk: Desk,
  request: FastifyRequest,
  reply: FastifyReply,
  report: Report,
  { format, zstd }: ChosenFormat,
): Promise<FastifyReply> {
  const source = await desk.openRows(report);
  const entityTag = entityTagOf(source, format, zstd);
  reply
    .header('etag', entityTag)
    .header('row-count', source.rowCount)
    .header('vary', 'Accept, Accept-Encoding')
    .header('cache-control', 'private, no-cache');
  if (request.method !== 'POST' && matchesEntityTag(ifNoneMatch(request), entityTag)) {
    return reply.code(304).send();
  }
  if (zstd) reply.header('content-encoding', 'zstd');
  reply.header('content-type', format.contentType);
  return sendStream(request, reply, () =>
    zstd ? zstdFrame(source) : format.write(report, source),
  );
}

/**
 * One frame (RFC 8878 §3.1). Several in a row would be as good by the letter, but Node's decoder, for
 * one, drops what follows a frame's end within a chunk and reports success.
 */
function zstdFrame(source: RowSource): AsyncIterable<Buffer> {
  if (source.zstd !== undefined) return source.zstd();
  const compress = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 1 } });
  // A failure of the lines destroys the compressor with it, and so reaches whoever reads that.
  return pipeline(Readable.from(source.lines()), compress, () => undefined);
}

/** Strong, so different for each representation of the same rows. */
function entityTagOf(source: RowSource, { name }: Format, zstd: boolean): string {
  return `"${source.etag.replaceAll('"', '')}-${name}${zstd ? '-zstd' : ''}"`;
}

function codings(request: FastifyRequest): string | undefined {
  return [request.headers['accept-encoding'] ?? []].flat().join(',');
}

function ifNoneMatch(request: FastifyRequest): string | undefined {
  return request.headers['if-none-match'];
}

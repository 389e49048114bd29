/** A ready report's rows as an answer, in the format that was negotiated. */
import { pipeline, Readable } from 'node:stream';
import { constants, createZstdCompress } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Desk, Report, RowSource } from '../../reports/types.ts';
import { ProblemError } from '../../problems.ts';
import { acceptsCoding, matchesEntityTag, preferredType } from '../../lib/negotiation.ts';
import { csvDocument, jsonDocument, type CsvDialect } from './row-formats.ts';
import { requireChunks, sendStream } from './send.ts';

export const ROW_TYPES = ['application/json', 'application/x-ndjson', 'text/csv'] as const;

export interface RowFormat {
  type: (typeof ROW_TYPES)[number];
  dialect: CsvDialect;
  /** Send NDJSON as one zstd frame. */
  zstd: boolean;
}

/**
 * The format that the request asks for. A dialect is one of CSV, so naming it makes CSV the default.
 *
 * @throws ProblemError `not-acceptable`, `invalid-request` for HTTP/1.0.
 */
export function negotiateRows(request: FastifyRequest, dialect: CsvDialect = 'rfc4180'): RowFormat {
  requireChunks(request);
  const offers = dialect === 'rfc4180' ? ROW_TYPES : ROW_TYPES.toReversed();
  const type = preferredType(request.headers.accept, offers);
  if (type === undefined) throw new ProblemError('not-acceptable');
  const zstd = type === 'application/x-ndjson' && acceptsCoding(codings(request), 'zstd');
  return { type, dialect, zstd };
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
  format: RowFormat,
): Promise<FastifyReply> {
  const source = await desk.openRows(report);
  const entityTag = entityTagOf(source, format);
  reply
    .header('etag', entityTag)
    .header('row-count', source.rowCount)
    .header('vary', 'Accept, Accept-Encoding')
    .header('cache-control', 'private, no-cache');
  if (request.method !== 'POST' && matchesEntityTag(ifNoneMatch(request), entityTag)) {
    return reply.code(304).send();
  }
  if (format.zstd) reply.header('content-encoding', 'zstd');
  reply.header('content-type', contentType(format));
  return sendStream(request, reply, () => body(report, source, format));
}

function body(report: Report, source: RowSource, format: RowFormat): AsyncIterable<Buffer> {
  switch (format.type) {
    case 'application/json':
      return jsonDocument(report, source);
    case 'application/x-ndjson':
      return format.zstd ? zstdFrame(source) : source.lines();
    case 'text/csv':
      return csvDocument(source, format.dialect);
  }
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

function contentType(format: RowFormat): string {
  if (format.type === 'text/csv') return 'text/csv; charset=utf-8; header=present';
  return `${format.type}; charset=utf-8`;
}

/** Strong, so different for each representation of the same rows. */
function entityTagOf(source: RowSource, format: RowFormat): string {
  const dialect = format.type === 'text/csv' ? `-${format.dialect}` : '';
  const coding = format.zstd ? '-zstd' : '';
  return `"${source.etag.replaceAll('"', '')}-${format.type.split('/')[1]}${dialect}${coding}"`;
}

function codings(request: FastifyRequest): string | undefined {
  return [request.headers['accept-encoding'] ?? []].flat().join(',');
}

function ifNoneMatch(request: FastifyRequest): string | undefined {
  return request.headers['if-none-match'];
}

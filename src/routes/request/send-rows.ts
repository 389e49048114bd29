/** A ready report's rows as an answer, in the format that was negotiated. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Report } from '../../reports/types.ts';
import { ProblemError } from '../../problems.ts';
import { matchesEntityTag, preferredCoding, preferredType } from '../../lib/negotiation.ts';
import { codings, type Coding } from '../../rows/codings.ts';
import { findFormat, formatsByType, type Format } from '../../rows/formats/index.ts';
import type { EdgeDeps } from '../types.ts';
import { contentDisposition, dashed } from './content-disposition.ts';
import { aboutReport, seen, type SeenAct } from './seen.ts';
import { readerOf, requireChunks, sendBytes, sendOwn, sendStream } from './send.ts';

const BY_TYPE = formatsByType();

export interface ChosenFormat {
  format: Format;
  /** How the document is compressed on its way; undefined: not at all. */
  coding: Coding | undefined;
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
  const offers = dialect === undefined ? BY_TYPE : formatsByType(findFormat('csv-excel'));
  const format =
    name === undefined
      ? offers.get(preferredType(request.headers.accept, [...offers.keys()]) ?? '')
      : findFormat(name);
  if (format === undefined) throw new ProblemError('not-acceptable');
  // A file is compressed in itself: once more would cost time and save nothing.
  const coding =
    format.shape === 'file' ? undefined : preferredCoding(acceptedCodings(request), codings);
  return { format, coding };
}

/**
 * Sends the rows, or 304 when the caller has them already.
 *
 * @param report a ready one.
 * @param also what the caller has done besides, to be written down with it.
 * @throws TrailUnavailableError, ReportGoneError, ArchiveError, MksError.
 */
export async function sendRows(
  deps: Pick<EdgeDeps, 'readers' | 'trail'>,
  request: FastifyRequest,
  reply: FastifyReply,
  report: Report,
  { format, coding }: ChosenFormat,
  also: readonly SeenAct[] = [],
): Promise<FastifyReply> {
  const entityTag = entityTagOf(report, format, coding);
  reply
    .header('etag', entityTag)
    .header('row-count', report.rowCount ?? 0)
    .header('vary', 'Accept, Accept-Encoding')
    .header('cache-control', 'private, no-cache');
  if (request.method !== 'POST' && matchesEntityTag(request.headers['if-none-match'], entityTag)) {
    return reply.code(304).send();
  }
  if (coding !== undefined) reply.header('content-encoding', coding);
  reply
    .header('content-type', format.contentType)
    .header('content-disposition', dispositionOf(report, format));
  if (request.method === 'HEAD') return sendStream(request, reply, nothing);
  const wanted = { report, format, coding };
  // Added to and not spread: a reader's signal is made only when it is looked at.
  const body =
    deps.readers.found(wanted) ??
    (await deps.readers.rows(Object.assign(readerOf(request, reply), wanted)));
  const rows = { rows: report.rowCount ?? 0, format: format.name };
  const read = { action: 'rows.read', ...aboutReport(report), ...rows, end: 'given' } as const;
  await seen(deps, request, ...also, read);
  return Buffer.isBuffer(body)
    ? sendBytes(request, reply, body)
    : sendOwn(request, reply, () => body);
}

/** What a program reads is shown; what is opened with another program is kept as a file. */
function dispositionOf({ member, processDate }: Report, { shape, extension }: Format): string {
  const type = shape === 'document' || shape === 'row' ? 'inline' : 'attachment';
  return contentDisposition(type, `MKK_${member}_${dashed(processDate)}.${extension}`);
}

async function* nothing(): AsyncGenerator<Buffer> {}

/** Strong, so different for each representation of the same rows. */
function entityTagOf({ id, digest }: Report, { name }: Format, coding?: Coding): string {
  return `"${digest || id}-${name}${coding === undefined ? '' : `-${coding}`}"`;
}

function acceptedCodings(request: FastifyRequest): string {
  return [request.headers['accept-encoding'] ?? []].flat().join(',');
}

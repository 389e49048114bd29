/** What the endpoints that compare share: their formats, their days, and what they lack. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { preferredType } from '../../lib/negotiation.ts';
import { ProblemError } from '../../problems.ts';
import { XLSX_TYPE } from '../../rows/formats/xlsx/workbook.ts';
import { contentDisposition, dashed } from './content-disposition.ts';
import { dateMistake } from './process-date.ts';

const DIFFERENCE_TYPES = {
  json: 'application/json; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  xlsx: XLSX_TYPE,
} as const;
export type FormatName = keyof typeof DIFFERENCE_TYPES;
export const FORMAT_NAMES = ['json', 'ndjson', 'csv', 'xlsx'] as const satisfies FormatName[];
const BY_TYPE = {
  'application/json': 'json',
  'application/x-ndjson': 'ndjson',
  'text/csv': 'csv',
  [XLSX_TYPE]: 'xlsx',
} as const satisfies Record<string, FormatName>;

/** @throws ProblemError `not-acceptable`. */
export function differenceFormat(request: FastifyRequest): FormatName {
  const types = Object.keys(BY_TYPE) as (keyof typeof BY_TYPE)[];
  const type = preferredType(request.headers.accept, types);
  if (type === undefined) throw new ProblemError('not-acceptable');
  return BY_TYPE[type];
}

/** What the API document says of the workbook. */
export const WORKBOOK_CONTENT = {
  [XLSX_TYPE]: { schema: Type.String({ format: 'binary' }), example: 'PK…' },
} as const;

export const DIFFERENCE_HEADERS = {
  'Content-Disposition': {
    type: 'string',
    description: 'Bears a name with member, days and format; `attachment` for CSV and the workbook',
  },
} as const;

/** Says what the body is, and what it is called when it is kept as a file. */
export function describeDifferences(
  reply: FastifyReply,
  format: FormatName,
  about: { member: string; days: readonly string[]; what: 'changes' | 'breaks' },
): FastifyReply {
  const { member, days, what } = about;
  const name = ['MKK', member, ...days.map(dashed), what].join('_');
  const type = format === 'csv' || format === 'xlsx' ? 'attachment' : 'inline';
  return reply
    .header('content-type', DIFFERENCE_TYPES[format])
    .header('content-disposition', contentDisposition(type, `${name}.${format}`))
    .header('vary', 'Accept');
}

/** @param dates each under the name of its parameter. @throws ProblemError `invalid-request`. */
export function refuseDates(dates: Record<string, string>, now: number): void {
  const errors = Object.entries(dates).flatMap(([path, date]) => {
    const message = dateMistake(date, now);
    return message === undefined ? [] : [{ path, message }];
  });
  if (errors.length > 0) throw new ProblemError('invalid-request', { extensions: { errors } });
}

/** @param days `YYYYMMDD`, without a ready report. */
export function notReady(days: readonly string[]): ProblemError {
  const processDates = [...new Set(days)];
  const told = processDates.join(', ');
  return new ProblemError('conflict', {
    detail: {
      en: `No report of ${told} is ready for this member and these filters. Ask for it with POST /balances.`,
      tr: `Bu üye ve filtreler için ${told} tarihli hazır rapor yok. POST /balances ile isteyin.`,
    },
    extensions: { processDates },
  });
}

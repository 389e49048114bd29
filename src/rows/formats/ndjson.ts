/** A row a line: the form in which rows are kept. */
import type { Format } from './format.ts';

export const ndjson: Format = {
  name: 'ndjson',
  mediaType: 'application/x-ndjson',
  contentType: 'application/x-ndjson; charset=utf-8',
  extension: 'ndjson',
  summary: { en: 'A row of JSON a line', tr: 'Her satırda bir JSON satırı' },
  shape: 'row',
  isAsKept: true,
  write: (_report, rows) => rows.bytes(),
};

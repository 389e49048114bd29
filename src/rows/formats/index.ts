/**
 * Every format of rows, the default first. A new one is a file beside this one, a line here and a
 * test: negotiation, the schemas and the documents run over this list.
 */
import { csvExcel } from './csv-excel.ts';
import { csv } from './csv.ts';
import type { Format } from './format.ts';
import { json } from './json.ts';
import { ndjson } from './ndjson.ts';
import { parquet } from './parquet.ts';
import { xlsx } from './xlsx.ts';

export type { Format, RowLines, RowsOf } from './format.ts';

export const formats: readonly Format[] = [json, ndjson, csv, csvExcel, xlsx, parquet];

/** The format of that name, if there is one. */
export function findFormat(name: string): Format | undefined {
  return formats.find((format) => format.name === name);
}

/** Each media type once, with the format that it means where nothing else is said. */
export function formatsByType(first?: Format): Map<string, Format> {
  const byType = new Map<string, Format>();
  for (const format of first === undefined ? formats : [first, ...formats]) {
    if (!byType.has(format.mediaType)) byType.set(format.mediaType, format);
  }
  return byType;
}

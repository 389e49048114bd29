/** An Excel workbook of the rows: no digit of MKS's is lost in it. */
import { COLUMN_NAMES } from '../columns.ts';
import type { Format } from './format.ts';
import { keptRecords } from './xlsx/kept-records.ts';
import { type Table, writeWorkbook, XLSX_TYPE } from './xlsx/workbook.ts';

const WIDTHS = [14, 9, 18, 10, 14, 8, 16, 18, 24];
const TABLE: Table = {
  name: 'BAKIYE',
  columns: COLUMN_NAMES.map((name, at) => ({
    name,
    width: WIDTHS[at] as number,
    isAmount: name === 'BAKIYE',
  })),
};

export const xlsx: Format = {
  name: 'xlsx',
  mediaType: XLSX_TYPE,
  contentType: XLSX_TYPE,
  extension: 'xlsx',
  summary: { en: 'An Excel workbook', tr: 'Excel çalışma kitabı' },
  shape: 'file',
  example: 'PK…',
  write: (_report, rows) => writeWorkbook(TABLE, keptRecords(TABLE.columns, rows.lines())),
};

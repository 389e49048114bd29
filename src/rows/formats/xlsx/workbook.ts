/**
 * Records of any kind as an Excel workbook, written as it goes: no digit is lost in it.
 *
 * An amount is a number where a double holds every digit of it, with the decimals that it was written with, and else
 * text; everything else is text. What does not fit a sheet goes on in the next.
 */
import { sheetPath, type WrittenSheet, workbookParts } from './parts.ts';
import type { SheetRecords } from './records.ts';
import { filterRange, SHEET_MAX_ROWS, type SheetColumn, sheetEnd, sheetHead } from './sheet.ts';
import { createZipWriter } from './zip.ts';

export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** What a workbook is a table of. */
export interface Table {
  /** Of the first sheet; further ones have a number besides. At most 20 characters. */
  name: string;
  columns: readonly SheetColumn[];
}

/** @param records left when nobody reads on. @throws what they throw. */
export async function* writeWorkbook(
  { name, columns }: Table,
  records: SheetRecords,
): AsyncGenerator<Buffer> {
  const zip = createZipWriter();
  const sheets: WrittenSheet[] = [];
  try {
    while (sheets.length === 0 || !(await records.isAtEnd())) {
      const count = { records: 0 };
      const number = sheets.length + 1;
      yield* zip.entry(sheetPath(number), sheet(columns, records, count));
      const range = filterRange(columns, count.records);
      sheets.push({ name: number === 1 ? name : `${name} ${number}`, range });
    }
    for (const [path, xml] of workbookParts(sheets)) yield* zip.entry(path, [xml]);
    yield zip.end();
  } finally {
    // Whoever leaves in the middle leaves the source as well.
    await records.leave();
  }
}

async function* sheet(
  columns: readonly SheetColumn[],
  records: SheetRecords,
  count: { records: number },
): AsyncGenerator<Buffer | string> {
  yield sheetHead(columns);
  while (count.records < SHEET_MAX_ROWS && !(await records.isAtEnd())) {
    const taken = records.take(count.records + 2, SHEET_MAX_ROWS - count.records);
    yield taken.xml;
    count.records += taken.records;
  }
  yield sheetEnd(filterRange(columns, count.records));
}

/**
 * Records of any kind as an Excel workbook, written as it goes: no digit is lost in it.
 *
 * An amount is a number where a double holds every digit of it, with the decimals that it was written with, and else
 * text; everything else is text. What does not fit a sheet goes on in the next.
 */
import { sheetPath, type WrittenSheet, workbookParts } from './parts.ts';
import {
  createRecordWriter,
  filterRange,
  SHEET_MAX_ROWS,
  type SheetColumn,
  sheetEnd,
  sheetHead,
} from './sheet.ts';
import { createZipWriter } from './zip.ts';

export const XLSX_TYPE = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** What a workbook is a table of. */
export interface Table {
  /** Of the first sheet; further ones have a number besides. At most 20 characters. */
  name: string;
  columns: readonly SheetColumn[];
}

/** @param batches records, each a text for each column; left when nobody reads on. @throws what they throw. */
export async function* writeWorkbook(
  { name, columns }: Table,
  batches: AsyncGenerator<string[][]>,
): AsyncGenerator<Buffer> {
  const zip = createZipWriter();
  const rest: Rest = { records: [], ended: false };
  const sheets: WrittenSheet[] = [];
  try {
    while (sheets.length === 0 || !(await isAtEnd(rest, batches))) {
      const count = { records: 0 };
      const number = sheets.length + 1;
      yield* zip.entry(sheetPath(number), sheet(columns, rest, batches, count));
      const range = filterRange(columns, count.records);
      sheets.push({ name: number === 1 ? name : `${name} ${number}`, range });
    }
    for (const [path, xml] of workbookParts(sheets)) yield* zip.entry(path, [xml]);
    yield zip.end();
  } finally {
    // Whoever leaves in the middle leaves the source as well.
    await batches.return(undefined);
  }
}

/** Records that were read and are in no sheet yet. */
interface Rest {
  records: string[][];
  ended: boolean;
}

async function isAtEnd(rest: Rest, batches: AsyncGenerator<string[][]>): Promise<boolean> {
  while (rest.records.length === 0 && !rest.ended) {
    const next = await batches.next();
    if (next.done === true) rest.ended = true;
    else rest.records = next.value;
  }
  return rest.records.length === 0;
}

async function* sheet(
  columns: readonly SheetColumn[],
  rest: Rest,
  batches: AsyncGenerator<string[][]>,
  count: { records: number },
): AsyncGenerator<string> {
  const write = createRecordWriter(columns);
  yield sheetHead(columns);
  while (count.records < SHEET_MAX_ROWS && !(await isAtEnd(rest, batches))) {
    const taken = rest.records.splice(0, SHEET_MAX_ROWS - count.records);
    const first = count.records + 2;
    yield taken.map((cells, at) => write(cells, first + at)).join('');
    count.records += taken.length;
  }
  yield sheetEnd(filterRange(columns, count.records));
}

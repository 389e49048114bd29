/**
 * An Excel workbook, written as it goes: no digit of MKS's is lost in it.
 *
 * An amount is a number where a double holds every digit of it, with the decimals that MKS wrote, and
 * else text; everything else is text. What does not fit a sheet goes on in the next.
 */
import type { Format, RowLines } from './format.ts';
import { rowBatches } from './row-batches.ts';
import { sheetPath, workbookParts } from './xlsx/parts.ts';
import { SHEET_HEAD, SHEET_MAX_ROWS, sheetEnd, sheetRow } from './xlsx/sheet.ts';
import { createZipWriter } from './xlsx/zip.ts';

export const xlsx: Format = {
  name: 'xlsx',
  mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  contentType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  extension: 'xlsx',
  summary: { en: 'An Excel workbook', tr: 'Excel çalışma kitabı' },
  shape: 'file',
  example: 'PK…',
  write: (_report, rows) => write(rows),
};

async function* write(rows: RowLines): AsyncGenerator<Buffer> {
  const zip = createZipWriter();
  const batches = rowBatches(rows);
  const rest: Rest = { rows: [], ended: false };
  const sheets: number[] = [];
  try {
    while (sheets.length === 0 || !(await isAtEnd(rest, batches))) {
      const count = { rows: 0 };
      yield* zip.entry(sheetPath(sheets.length + 1), sheet(rest, batches, count));
      sheets.push(count.rows);
    }
    for (const [name, xml] of workbookParts(sheets)) yield* zip.entry(name, [xml]);
    yield zip.end();
  } finally {
    // Whoever leaves in the middle leaves the source as well.
    await batches.return(undefined);
  }
}

/** Rows that were read and are in no sheet yet. */
interface Rest {
  rows: string[][];
  ended: boolean;
}

async function isAtEnd(rest: Rest, batches: AsyncGenerator<string[][]>): Promise<boolean> {
  while (rest.rows.length === 0 && !rest.ended) {
    const next = await batches.next();
    if (next.done === true) rest.ended = true;
    else rest.rows = next.value;
  }
  return rest.rows.length === 0;
}

async function* sheet(
  rest: Rest,
  batches: AsyncGenerator<string[][]>,
  count: { rows: number },
): AsyncGenerator<string> {
  yield SHEET_HEAD;
  while (count.rows < SHEET_MAX_ROWS && !(await isAtEnd(rest, batches))) {
    const taken = rest.rows.splice(0, SHEET_MAX_ROWS - count.rows);
    const first = count.rows + 2;
    yield taken.map((cells, at) => sheetRow(cells, first + at)).join('');
    count.rows += taken.length;
  }
  yield sheetEnd(count.rows);
}

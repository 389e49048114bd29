/** What the two kinds of CSV share: lines of JSON → lines of cells, a batch at a time. */
import { COLUMN_NAMES } from '../columns.ts';
import type { RowLines } from './format.ts';
import { cellsOf, rowBatches } from './row-batches.ts';

/** @param writeLine the cells of one line, in MKS's order, as a line with its end. */
export async function* writeCsv(
  rows: RowLines,
  begin: string,
  writeLine: (cells: readonly string[]) => string,
): AsyncGenerator<Buffer> {
  yield Buffer.from(begin + writeLine(COLUMN_NAMES));
  for await (const batch of rowBatches(rows.lines()))
    yield Buffer.from(batch.map((cells) => writeLine(cells)).join(''));
}

/** @param piece whole lines, each a JSON object of texts and numbers. @returns its `fields`, a line each. */
export function linesOfCells(
  piece: Buffer,
  fields: readonly string[],
  writeLine: (cells: readonly string[]) => string,
): Buffer {
  const lines = piece.toString('utf8').split('\n');
  if (lines.at(-1) === '') lines.pop();
  return Buffer.from(lines.map((line) => writeLine(cellsOf(line, fields))).join(''));
}

/** A line by RFC 4180, with its end. */
export function plainLine(cells: readonly string[]): string {
  return `${cells.map((cell) => quoteIfNeeded(cell, ',')).join(',')}\r\n`;
}

/** A cell by RFC 4180 §2, for this delimiter. */
export function quoteIfNeeded(cell: string, delimiter: string): string {
  const isPlain = !cell.includes(delimiter) && !/["\r\n]/.test(cell);
  return isPlain ? cell : `"${cell.replaceAll('"', '""')}"`;
}

/** What the two kinds of CSV share: lines of JSON → lines of cells. */
import { cellsOf } from './row-batches.ts';

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

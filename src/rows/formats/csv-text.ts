/** What the two kinds of CSV share: lines of JSON → lines of cells, a piece at a time. */
import { COLUMN_NAMES, FIELD_NAMES } from '../columns.ts';
import type { RowLines } from './format.ts';

/** @param writeLine the cells of one line, in MKS's order, as a line with its end. */
export async function* writeCsv(
  rows: RowLines,
  begin: string,
  writeLine: (cells: readonly string[]) => string,
): AsyncGenerator<Buffer> {
  yield Buffer.from(begin + writeLine(COLUMN_NAMES));
  for await (const piece of rows.lines()) {
    const lines = piece.toString('utf8').split('\n');
    if (lines.at(-1) === '') lines.pop();
    if (lines.length === 0) continue;
    yield Buffer.from(lines.map((line) => writeLine(cellsOf(line))).join(''));
  }
}

function cellsOf(line: string): string[] {
  const row = JSON.parse(line) as Record<string, string>;
  return FIELD_NAMES.map((name) => row[name] ?? '');
}

/** A cell by RFC 4180 §2, for this delimiter. */
export function quoteIfNeeded(cell: string, delimiter: string): string {
  const isPlain = !cell.includes(delimiter) && !/["\r\n]/.test(cell);
  return isPlain ? cell : `"${cell.replaceAll('"', '""')}"`;
}

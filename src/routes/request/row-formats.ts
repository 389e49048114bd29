/**
 * Rows as JSON, NDJSON and CSV, from pieces of NDJSON that hold whole lines.
 *
 * Each writer keeps at most one piece in memory. What a source throws passes through, so that the
 * connection breaks instead of ending well.
 */
import { COLUMN_NAMES, FIELD_NAMES } from '../../rows/columns.ts';
import type { Report, RowSource } from '../../reports/types.ts';

export type CsvDialect = 'rfc4180' | 'excel-tr';

const LINE_FEED = 0x0a;
const COMMA = 0x2c;

/** The JSON document of a ready report; `rowCount` comes last and so vouches for the rows. */
export async function* jsonDocument(report: Report, source: RowSource): AsyncGenerator<Buffer> {
  const { id, member, processDate, refId } = report;
  const head = JSON.stringify({ id, member, processDate, refId });
  yield Buffer.from(`${head.slice(0, -1)},"rows":[`);
  let isFirst = true;
  for await (const piece of source.lines()) {
    if (piece.length === 0) continue;
    yield joinLines(piece, isFirst);
    isFirst = false;
  }
  yield Buffer.from(`],"rowCount":${source.rowCount}}\n`);
}

/** Lines of JSON values → the values with commas between them, and one before them unless first. */
function joinLines(lines: Buffer, isFirst: boolean): Buffer {
  const end = lines.at(-1) === LINE_FEED ? lines.length - 1 : lines.length;
  const offset = isFirst ? 0 : 1;
  const joined = Buffer.allocUnsafe(end + offset);
  if (!isFirst) joined[0] = COMMA;
  lines.copy(joined, offset, 0, end);
  // A line feed inside a JSON string is always escaped, so each one here ends a row.
  let position = joined.indexOf(LINE_FEED);
  while (position !== -1) {
    joined[position] = COMMA;
    position = joined.indexOf(LINE_FEED, position + 1);
  }
  return joined;
}

/** The rows as CSV with MKS's column names; RFC 4180, or as a Turkish Excel opens it. */
export async function* csvDocument(source: RowSource, dialect: CsvDialect): AsyncGenerator<Buffer> {
  const writeRow = dialect === 'excel-tr' ? excelRow : standardRow;
  const isExcel = dialect === 'excel-tr';
  yield Buffer.from(`${isExcel ? '\ufeff' : ''}${COLUMN_NAMES.join(isExcel ? ';' : ',')}\r\n`);
  for await (const piece of source.lines()) {
    const lines = piece.toString('utf8').split('\n');
    if (lines.at(-1) === '') lines.pop();
    if (lines.length === 0) continue;
    yield Buffer.from(lines.map((line) => writeRow(cellsOf(line))).join(''));
  }
}

function cellsOf(line: string): string[] {
  const row = JSON.parse(line) as Record<string, string>;
  return FIELD_NAMES.map((name) => row[name] ?? '');
}

function standardRow(cells: readonly string[]): string {
  return `${cells.map((cell) => quoteIfNeeded(cell, ',')).join(',')}\r\n`;
}

function excelRow(cells: readonly string[]): string {
  const amountAt = cells.length - 1;
  const written = cells.map((cell, index) =>
    quoteIfNeeded(index === amountAt ? cell.replace('.', ',') : excelText(cell), ';'),
  );
  return `${written.join(';')}\r\n`;
}

/**
 * A text that Excel would run as a formula becomes a formula whose value is that very text: what
 * the reader sees is MKS's data to the letter, and nothing of it is run. The plain formats leave
 * every byte as it is, for programs do not calculate.
 */
function excelText(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `="${cell.replaceAll('"', '""')}"` : cell;
}

function quoteIfNeeded(cell: string, delimiter: string): string {
  const isPlain = !cell.includes(delimiter) && !/["\r\n]/.test(cell);
  return isPlain ? cell : `"${cell.replaceAll('"', '""')}"`;
}

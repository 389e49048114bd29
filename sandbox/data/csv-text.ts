/** Rows as CSV, piece by piece (RFC 4180, in the dialect that the shape names). */
import type { Shape } from '../shape.ts';
import type { CsvColumn, Row } from './columns.ts';

/** The texts, put together, are the file: a header line and a line for each row. */
export function* csvText(
  rows: Iterable<Row>,
  shape: Shape,
  columns: readonly CsvColumn[],
): Generator<string> {
  const lineEnd = shape.csvLineEnd === 'crlf' ? '\r\n' : '\n';
  const delimiter = shape.csvDelimiter === 'tab' ? '\t' : shape.csvDelimiter;
  const quoted = quoter(shape, delimiter);
  yield columns.map(({ name }) => quoted(name)).join(delimiter) + lineEnd;
  for (const row of rows) {
    let line = '';
    for (const [at, { field }] of columns.entries()) {
      line += (at === 0 ? '' : delimiter) + quoted(valueOf(row, field, shape));
    }
    yield line + lineEnd;
  }
}

function valueOf(row: Row, field: keyof Row | undefined, shape: Shape): string {
  if (field === undefined) return 'not';
  return field === 'balanceAmount' ? localAmount(row[field], shape) : row[field];
}

function quoter(shape: Shape, delimiter: string): (value: string) => string {
  if (shape.csvQuotes === 'never') return (value) => value;
  const special = new RegExp(`["\\r\\n\\${delimiter}]`);
  const isAlways = shape.csvQuotes === 'always';
  return (value) => (isAlways || special.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
}

/** `-1234.50` → `-1.234,50`, as far as the shape asks for it. */
function localAmount(amount: string, shape: Shape): string {
  const [whole = '', decimals] = amount.split('.');
  const separator = shape.csvDecimal === ',' ? '.' : ',';
  const grouped = shape.csvGrouping ? whole.replaceAll(/\B(?=(\d{3})+$)/g, separator) : whole;
  return decimals === undefined ? grouped : grouped + shape.csvDecimal + decimals;
}

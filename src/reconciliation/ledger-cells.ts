/** The cells of a ledger's line, as values of a record. */
import { columnText, type CsvLine } from '../rows/read/csv-line.ts';
import { AMOUNT_FIELD } from '../rows/read/fields.ts';
import { jsonInside } from '../rows/read/row-gatherer.ts';
import type { LedgerHeader } from './ledger-header.ts';
import type { LedgerMapping } from './ledger-profile.ts';
import { RECORD_FIELDS, type RecordWriter } from './positions.ts';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * @param cells where the line that was read last lies.
 * @returns writes its position: all of a record but the amount. What the ledger has no column for is left empty.
 */
export function createPositionWriter(
  header: LedgerHeader,
  mapping: LedgerMapping,
  cells: CsvLine,
  write: RecordWriter,
): (window: Uint8Array) => void {
  // Asked once, and not for each of a million lines.
  const plan = RECORD_FIELDS.filter((field) => field !== AMOUNT_FIELD).map((field) => ({
    field,
    column: header.columns.get(field) ?? -1,
    change: mapping.change(field),
  }));
  return (window) => {
    for (const { field, column, change } of plan) {
      if (column === -1) {
        write(field, window, 0, 0);
      } else if (change !== undefined || cells.specials[column] === 1) {
        const text = columnText(cells, window, column);
        const value = jsonInside(change === undefined ? text : change(text));
        write(field, value, 0, value.length);
      } else {
        write(field, window, cells.starts[column] as number, cells.ends[column] as number);
      }
    }
  };
}

/** As `lineEnds`, of a line that was read into cells: a quoted one alone may hold more than the one that ends it. */
export function lineEndsOf(
  { count, quoted }: CsvLine,
  window: Uint8Array,
  from: number,
  to: number,
): number {
  for (let column = 0; column < count; column++) {
    if (quoted[column] === 1) return lineEnds(window, from, to);
  }
  return 1;
}

/** How many lines an editor would count: LF, CRLF or CR each end one. */
export function lineEnds(window: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) {
    const byte = window[at];
    if (byte === LINE_FEED || (byte === CARRIAGE_RETURN && window[at + 1] !== LINE_FEED)) count++;
  }
  return count;
}

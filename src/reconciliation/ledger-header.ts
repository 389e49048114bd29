/** The header of a ledger: which column holds what, and which it has besides. */
import { COLUMN_NAMES, FIELD_NAMES } from '../rows/columns.ts';
import { delimiterOf } from '../rows/read/csv-header.ts';
import { columnText, type CsvLine, readCsvLine } from '../rows/read/csv-line.ts';
import { LedgerError } from './ledger-errors.ts';
import type { LedgerMapping } from './ledger-profile.ts';
import { RECORD_FIELDS } from './positions.ts';

const REQUIRED = (['mbrAccNo', 'subAccCode', 'isin', 'balanceAmount'] as const).map((name) =>
  FIELD_NAMES.indexOf(name),
);

export interface LedgerHeader {
  delimiter: number;
  columnCount: number;
  /** By field of a row the column that holds it; absent where none does. */
  columns: Map<number, number>;
  /** Names of the columns that are not looked at, as they are written. */
  ignoredColumns: string[];
}

/**
 * @param line what the header is read into.
 * @throws LedgerError when a column is missing or there twice; ArchiveError when it is not CSV.
 */
export function readLedgerHeader(
  header: Uint8Array,
  line: CsvLine,
  mapping: LedgerMapping,
): LedgerHeader {
  const delimiter = delimiterOf(header);
  readCsvLine(header, 0, true, delimiter, line);
  const columns = new Map<number, number>();
  const ignoredColumns: string[] = [];
  for (let column = 0; column < line.count; column++) {
    const name = columnText(line, header, column);
    const field = mapping.fieldOfColumn(name);
    if (!RECORD_FIELDS.includes(field)) {
      ignoredColumns.push(name);
    } else if (columns.has(field)) {
      throw new LedgerError([
        { line: 1, fault: 'column-twice', detail: bothNames(field, mapping) },
      ]);
    } else {
      columns.set(field, column);
    }
  }
  const missing = REQUIRED.filter((field) => !columns.has(field));
  if (missing.length > 0) {
    const mistakes = missing.map((field) => bothNames(field, mapping));
    throw new LedgerError(
      mistakes.map((detail) => ({ line: 1, fault: 'column-missing' as const, detail })),
    );
  }
  return { delimiter, columnCount: line.count, columns, ignoredColumns };
}

function bothNames(field: number, mapping: LedgerMapping): string {
  const column = mapping.columnOf(field) ?? COLUMN_NAMES[field] ?? '';
  return `${FIELD_NAMES[field] ?? ''} (${column})`;
}

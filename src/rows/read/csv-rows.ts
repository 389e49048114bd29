/**
 * The rows of a CSV file (RFC 4180, any of LF, CRLF and CR), whose header says what its columns are and,
 * by the way it splits, which of `;` `,` tab and `|` separates them.
 */
import { type AmountReader, NO_COMMA } from './amount.ts';
import { cellInside } from './csv-cell.ts';
import { delimiterOf, headerEnd } from './csv-header.ts';
import { columnText, type CsvLine, createCsvLine, isBlankLine, readCsvLine } from './csv-line.ts';
import { unexpectedContent } from './errors.ts';
import { ACCOUNT_FIELD, AMOUNT_FIELD, ISIN_FIELD, type RowValues, fieldOf } from './fields.ts';
import { MORE } from './json-tokens.ts';
import type { RemarkCollector } from './remark-collector.ts';
import { type RowGatherer, createRowValues } from './row-gatherer.ts';
import { ROW_MAX_BYTES, type Scanner } from './scanner.ts';

/** Without these columns a file is not a balance report. */
const REQUIRED_FIELDS = [ACCOUNT_FIELD, ISIN_FIELD, AMOUNT_FIELD];

/** Blank lines at the end of a file. */
const BLANK_LINES_MAX = 1024;

/** What the header has settled. */
interface Layout {
  delimiter: number;
  /** For each column the field that it holds, or -1. */
  fields: number[];
}

/**
 * @param line what the header is read into.
 * @throws ArchiveError when two columns have one name, or one is missing without which there is no row.
 */
function settleLayout(header: Uint8Array, line: CsvLine, remarks: RemarkCollector): Layout {
  const delimiter = delimiterOf(header);
  readCsvLine(header, 0, true, delimiter, line);
  const names = Array.from({ length: line.count }, (_, column) => columnText(line, header, column));
  const fields = names.map(fieldOf);
  const known = fields.filter((field) => field >= 0);
  if (new Set(known).size < known.length) throw unexpectedContent('two columns have one name');
  if (!REQUIRED_FIELDS.every((field) => known.includes(field))) {
    throw unexpectedContent('the header lacks the account, the ISIN or the balance');
  }
  remarks.shape(fields, new Set(names.filter((_, column) => (fields[column] ?? -1) < 0)));
  return { delimiter, fields };
}

/** A line's cells as the values of a row. */
interface CsvRow {
  readonly values: RowValues;
  /** Begins the next line. */
  clear(): void;
  /** Takes the cell of a column that is the field. @throws as the amounts' reader does. */
  take(window: Uint8Array, line: CsvLine, column: number, field: number): void;
}

function createCsvRow(amounts: AmountReader): CsvRow {
  const values = createRowValues();
  const { starts, ends, replaced } = values;
  /** Whether a value of the line before lies elsewhere than in its window. All others are written over. */
  let hasReplaced = false;

  function replace(field: number, value: Uint8Array): void {
    replaced[field] = value;
    hasReplaced = true;
  }

  return {
    values,
    clear() {
      if (hasReplaced) replaced.fill(undefined);
      hasReplaced = false;
      values.comma = NO_COMMA;
    },
    take(window, line, column, field) {
      const start = line.starts[column] as number;
      const end = line.ends[column] as number;
      starts[field] = start;
      ends[field] = end;
      if (field === AMOUNT_FIELD) {
        if (amounts.isCanonical(window, start, end)) return;
        values.comma = amounts.commaOf(window, start, end);
        if (values.comma !== NO_COMMA) return;
        replace(field, Buffer.from(amounts.read(columnText(line, window, column))));
      } else if (line.specials[column] === 1) {
        replace(field, cellInside(window, start, end, line.quoted[column] === 1));
      }
    },
  };
}

export function createCsvScanner(
  amounts: AmountReader,
  gatherer: RowGatherer,
  remarks: RemarkCollector,
): Scanner {
  const row = createCsvRow(amounts);
  const line = createCsvLine();
  let layout: Layout | undefined;
  let blankLines = 0;

  function takeLine(window: Uint8Array, fields: readonly number[]): void {
    if (isBlankLine(line)) {
      blankLines++;
      if (blankLines > BLANK_LINES_MAX) throw unexpectedContent('there are too many blank lines');
      return;
    }
    if (blankLines > 0) throw unexpectedContent('a blank line stands between the rows');
    if (line.count !== fields.length) {
      throw unexpectedContent('a line has another number of columns than the header');
    }
    row.clear();
    for (let column = 0; column < fields.length; column++) {
      const field = fields[column] as number;
      if (field >= 0) row.take(window, line, column, field);
    }
    gatherer.add(window, row.values);
  }

  return {
    pendingMaxBytes: ROW_MAX_BYTES,
    scan(window, last) {
      let position = 0;
      if (layout === undefined) {
        if (window.length === 0) return 0;
        const end = headerEnd(window, last);
        if (end === MORE) return 0;
        if (end > ROW_MAX_BYTES) throw unexpectedContent('the header is too long');
        layout = settleLayout(window.subarray(0, end), line, remarks);
        position = end;
      }
      const { delimiter, fields } = layout;
      while (position < window.length) {
        const end = readCsvLine(window, position, last, delimiter, line);
        if (end === MORE) return position;
        if (end - position > ROW_MAX_BYTES) throw unexpectedContent('a row is too long');
        takeLine(window, fields);
        position = end;
      }
      return position;
    },
    end() {
      if (layout === undefined) throw unexpectedContent('the CSV is empty: it has no header');
    },
  };
}

/** One line of a CSV file (RFC 4180 §2), found in a window of bytes. */
import { unexpectedContent } from './errors.ts';
import { MORE, QUOTE } from './json-tokens.ts';

const COLUMNS_MAX = 256;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Where the fields of the line that was read last lie in its window, quotes left out. */
export interface CsvLine {
  count: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 1 where the bytes are not the value as they stand, or not the inside of a JSON string. */
  readonly specials: Uint8Array;
  readonly quoted: Uint8Array;
}

export function createCsvLine(): CsvLine {
  return {
    count: 0,
    starts: new Int32Array(COLUMNS_MAX),
    ends: new Int32Array(COLUMNS_MAX),
    specials: new Uint8Array(COLUMNS_MAX),
    quoted: new Uint8Array(COLUMNS_MAX),
  };
}

/** Whether nothing at all stands on the line. */
export function isBlankLine(line: CsvLine): boolean {
  return line.count === 1 && line.quoted[0] === 0 && line.starts[0] === line.ends[0];
}

/** The value of a column as text, doubled quotes undone. */
export function columnText(line: CsvLine, window: Uint8Array, column: number): string {
  const start = line.starts[column] ?? 0;
  const length = (line.ends[column] ?? 0) - start;
  const bytes = Buffer.from(window.buffer, window.byteOffset + start, length);
  if (line.specials[column] === 0) return bytes.toString();
  return line.quoted[column] === 1 ? bytes.toString().replaceAll('""', '"') : bytes.toString();
}

/** @returns the position of the closing quote, or MORE. */
function quotedEnd(
  window: Uint8Array,
  from: number,
  last: boolean,
  line: CsvLine,
  column: number,
): number {
  for (let position = from; ; position++) {
    const byte = window[position];
    if (byte === undefined) {
      if (last) throw unexpectedContent('a quoted field of the CSV does not end');
      return MORE;
    }
    if (byte === QUOTE) {
      const next = window[position + 1];
      if (next === undefined && !last) return MORE;
      if (next !== QUOTE) return position;
      position++;
      line.specials[column] = 1;
    } else if (byte < 0x20 || byte === BACKSLASH) {
      line.specials[column] = 1;
    }
  }
}

/** @returns the position of what ends the field: a delimiter, a line end or the window's end. */
function plainEnd(
  window: Uint8Array,
  from: number,
  delimiter: number,
  line: CsvLine,
  column: number,
): number {
  const length = window.length;
  let position = from;
  for (; position < length; position++) {
    const byte = window[position] as number;
    // All but the one in fifty: what else is asked for here stands before the comma.
    if (byte > COMMA && byte !== delimiter && byte !== BACKSLASH) continue;
    if (byte === delimiter || byte === LINE_FEED || byte === CARRIAGE_RETURN) break;
    // A quote inside an unquoted field can only be itself.
    if (byte < 0x20 || byte === QUOTE || byte === BACKSLASH) line.specials[column] = 1;
  }
  return position;
}

/** @returns the position after the line end that begins at `at`, or MORE. */
export function afterLineEnd(window: Uint8Array, at: number, last: boolean): number {
  if (window[at] === LINE_FEED) return at + 1;
  const next = window[at + 1];
  if (next === undefined && !last) return MORE;
  return next === LINE_FEED ? at + 2 : at + 1;
}

/**
 * Reads the line that begins at `from`.
 * @param last whether the file ends with the window, which then ends the line too.
 * @param line what is filled with the fields.
 * @returns the position after the line end, or MORE.
 * @throws ArchiveError when a quoted field is not followed by a delimiter or a line end, or there are
 *   too many columns.
 */
export function readCsvLine(
  window: Uint8Array,
  from: number,
  last: boolean,
  delimiter: number,
  line: CsvLine,
): number {
  let position = from;
  for (let column = 0; ; column++) {
    if (column === COLUMNS_MAX) throw unexpectedContent('the CSV has too many columns');
    const isQuoted = window[position] === QUOTE;
    const start = isQuoted ? position + 1 : position;
    line.specials[column] = 0;
    line.quoted[column] = isQuoted ? 1 : 0;
    const end = isQuoted
      ? quotedEnd(window, start, last, line, column)
      : plainEnd(window, start, delimiter, line, column);
    if (end === MORE) return MORE;
    line.starts[column] = start;
    line.ends[column] = end;
    line.count = column + 1;
    position = isQuoted ? end + 1 : end;
    const next = window[position];
    if (next === undefined) return last ? position : MORE;
    if (next === LINE_FEED || next === CARRIAGE_RETURN) return afterLineEnd(window, position, last);
    if (next !== delimiter) throw unexpectedContent('a quoted field of the CSV is malformed');
    position++;
  }
}

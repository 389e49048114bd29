/** The values of a JSON row's fields: where they lie, and what has to be put in their place. */
import { type AmountReader, readJsonNumber } from './amount.ts';
import { unexpectedContent } from './errors.ts';
import { AMOUNT_FIELD, fieldOf, type RowValues } from './fields.ts';
import {
  COLON,
  MORE,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  isForeignEscape,
  scalarEnd,
  skipSpace,
  stringEnd,
  stringText,
  valueEnd,
} from './json-tokens.ts';
import { jsonInside } from './row-gatherer.ts';

export interface JsonValues {
  /** Takes the text whose inside is `[start, end)`. */
  takeText(window: Uint8Array, field: number, start: number, end: number): void;
  /** Takes the well-formed number at `[start, end)`. */
  takeNumber(window: Uint8Array, field: number, start: number, end: number): void;
  /**
   * Reads the value of a field that begins at `from`, and takes it.
   * @returns the position after it, or MORE.
   * @throws ArchiveError when it is neither a text nor a number nor null.
   */
  take(window: Uint8Array, from: number, field: number): number;
}

const LETTER_N = 0x6e;
const BACKSLASH = 0x5c;
const DIGIT_NINE = 0x39;

/** @param row is filled with what is taken. */
export function createJsonValues(row: RowValues, amounts: AmountReader): JsonValues {
  function takeText(window: Uint8Array, field: number, start: number, end: number): void {
    row.starts[field] = start;
    row.ends[field] = end;
    if (field === AMOUNT_FIELD) {
      if (amounts.isCanonical(window, start, end)) return;
      const text = stringText(window, start, end);
      row.replaced[field] = Buffer.from(amounts.read(text));
    } else if (hasForeignEscape(window, start, end)) {
      row.replaced[field] = jsonInside(stringText(window, start, end));
    }
  }

  function takeNumber(window: Uint8Array, field: number, start: number, end: number): void {
    row.starts[field] = start;
    row.ends[field] = end;
    if (field === AMOUNT_FIELD) row.replaced[field] = readJsonNumber(window, start, end);
  }

  return {
    takeText,
    takeNumber,
    take(window, from, field) {
      const first = window[from];
      if (first === QUOTE) {
        const end = stringEnd(window, from + 1);
        if (end !== MORE) takeText(window, field, from + 1, end - 1);
        return end;
      }
      if (first === OPEN_BRACE || first === OPEN_BRACKET) throw notAField();
      const end = scalarEnd(window, from);
      if (end === MORE || first === LETTER_N) return end;
      if (first === undefined || first > DIGIT_NINE) throw notAField();
      takeNumber(window, field, from, end);
      return end;
    },
  };
}

/** Whether the well-formed inside of a string holds an escape that we do not write. */
function hasForeignEscape(window: Uint8Array, start: number, end: number): boolean {
  for (let position = start; position < end; position++) {
    if (window[position] !== BACKSLASH) continue;
    position++;
    if (isForeignEscape(window[position])) return true;
  }
  return false;
}

function notAField(): Error {
  return unexpectedContent('a field is neither a text nor a number');
}

/**
 * Goes over the value of a name that is not MKS's, in which no row may hide.
 * @returns the position after it, or MORE.
 * @throws ArchiveError when rows stand in it, or it is not well-formed.
 */
export function skipValue(window: Uint8Array, from: number): number {
  const end = valueEnd(window, from);
  const hasRoom = window[from] === OPEN_BRACE || window[from] === OPEN_BRACKET;
  if (end !== MORE && hasRoom && namesAField(window, from, end)) {
    throw unexpectedContent('rows stand inside a row');
  }
  return end;
}

/** Whether any object in the well-formed value at `[from, end)`, however deep, has a row's field. */
export function namesAField(window: Uint8Array, from: number, end: number): boolean {
  for (let at = from; at < end; at++) {
    if (window[at] !== QUOTE) continue;
    const close = stringEnd(window, at + 1);
    const isName = window[skipSpace(window, close)] === COLON;
    if (isName && fieldOf(stringText(window, at + 1, close - 1)) >= 0) return true;
    at = close - 1;
  }
  return false;
}

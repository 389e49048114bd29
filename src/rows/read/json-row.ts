/** One row object of a JSON file, read from the bytes into the nine values of a row. */
import { type AmountReader, readJsonNumber } from './amount.ts';
import { unexpectedContent } from './errors.ts';
import { AMOUNT_FIELD, FIELD_COUNT, fieldOf, type RowValues } from './fields.ts';
import { createJsonTemplate } from './json-template.ts';
import {
  CLOSE_BRACE,
  COLON,
  COMMA,
  MORE,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  hasEscape,
  keyEnd,
  malformed,
  scalarEnd,
  skipSpace,
  stringEnd,
  stringText,
  valueEnd,
} from './json-tokens.ts';
import type { RemarkCollector } from './remark-collector.ts';
import { clearRow, createRowValues, jsonInside } from './row-gatherer.ts';

export interface JsonRowReader {
  readonly row: RowValues;
  /** How many of MKS's fields the row that was read last has. */
  readonly fieldCount: number;
  /**
   * @param from at the row's opening brace.
   * @returns the position after its closing brace, or MORE.
   * @throws ArchiveError when it is not well-formed, bears a name twice, or a field is not a text,
   *   a number or null.
   */
  read(window: Uint8Array, from: number): number;
}

const LETTER_N = 0x6e;
const DIGIT_NINE = 0x39;

function notAField(): Error {
  return unexpectedContent('a field is neither a text nor a number');
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

/** @param remarks is told the names that the rows bear. */
export function createJsonRowReader(
  amounts: AmountReader,
  remarks: RemarkCollector,
): JsonRowReader {
  const row = createRowValues();
  const template = createJsonTemplate();
  const seen = new Uint8Array(FIELD_COUNT);
  const otherNames = new Set<string>();
  let fieldCount = 0;

  function markSeen(name: string, field: number): void {
    if (field < 0 ? otherNames.has(name) : seen[field] === 1) {
      throw unexpectedContent('a row bears the same name twice');
    }
    if (field < 0) {
      otherNames.add(name);
    } else {
      seen[field] = 1;
      fieldCount++;
    }
  }

  /** The name of the member whose key begins at `from` and which is well-formed; gives its field. */
  function takeName(window: Uint8Array, from: number): number {
    const name = stringText(window, from + 1, stringEnd(window, from + 1) - 1);
    const field = fieldOf(name);
    markSeen(name, field);
    return field;
  }

  function takeText(window: Uint8Array, field: number, start: number, end: number): void {
    row.starts[field] = start;
    row.ends[field] = end;
    if (field === AMOUNT_FIELD) {
      if (amounts.isCanonical(window, start, end)) return;
      const text = stringText(window, start, end);
      row.replaced[field] = Buffer.from(amounts.read(text));
    } else if (hasEscape(window, start, end)) {
      row.replaced[field] = jsonInside(stringText(window, start, end));
    }
  }

  function takeNumber(window: Uint8Array, field: number, start: number, end: number): void {
    row.starts[field] = start;
    row.ends[field] = end;
    if (field === AMOUNT_FIELD) row.replaced[field] = readJsonNumber(window, start, end);
  }

  /** Reads the value of a field and gives its end. */
  function takeValue(window: Uint8Array, from: number, field: number): number {
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
  }

  /** Goes over the value of a name that is not MKS's, in which no row may hide. */
  function skipValue(window: Uint8Array, from: number): number {
    const end = valueEnd(window, from);
    const hasRoom = window[from] === OPEN_BRACE || window[from] === OPEN_BRACKET;
    if (end !== MORE && hasRoom && namesAField(window, from, end)) {
      throw unexpectedContent('rows stand inside a row');
    }
    return end;
  }

  function reset(): void {
    clearRow(row);
    seen.fill(0);
    fieldCount = 0;
    otherNames.clear();
    template.gaps.length = 0;
    template.fields.length = 0;
  }

  /** Reads token by token, and learns the shape for the rows that follow. */
  function readTokens(window: Uint8Array, from: number): number {
    reset();
    let valueBefore = from;
    let position = skipSpace(window, from + 1);
    if (window[position] === CLOSE_BRACE) return position + 1;
    for (;;) {
      const value = keyEnd(window, position);
      if (value === MORE) return MORE;
      const field = takeName(window, position);
      template.fields.push(field);
      template.gaps.push(new Uint8Array(window.subarray(valueBefore, value)));
      valueBefore = field < 0 ? skipValue(window, value) : takeValue(window, value, field);
      if (valueBefore === MORE) return MORE;
      position = skipSpace(window, valueBefore);
      const next = window[position];
      if (next === undefined) return MORE;
      if (next === CLOSE_BRACE) break;
      if (next !== COMMA) throw malformed();
      position = skipSpace(window, position + 1);
    }
    template.gaps.push(new Uint8Array(window.subarray(valueBefore, position + 1)));
    remarks.shape(template.fields, otherNames);
    return position + 1;
  }

  /** Takes the values of a row that has the shape of the one before: its fields are the same. */
  function takeMatched(window: Uint8Array): void {
    for (let place = 0; place < template.fields.length; place++) {
      const field = template.fields[place] as number;
      if (field < 0) continue;
      const start = template.starts[place] as number;
      const end = template.ends[place] as number;
      row.starts[field] = start;
      row.ends[field] = end;
      row.replaced[field] = undefined;
      if (field !== AMOUNT_FIELD || start === end) continue;
      if (window[start - 1] === QUOTE) takeText(window, field, start, end);
      else takeNumber(window, field, start, end);
    }
  }

  return {
    row,
    get fieldCount() {
      return fieldCount;
    },
    read(window, from) {
      const end = template.match(window, from);
      if (end === MORE) return readTokens(window, from);
      takeMatched(window);
      return end;
    },
  };
}

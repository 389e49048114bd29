/** One row object of a JSON file, read from the bytes into the nine values of a row. */
import type { AmountReader } from './amount.ts';
import { unexpectedContent } from './errors.ts';
import { AMOUNT_FIELD, FIELD_COUNT, fieldOf, type RowValues } from './fields.ts';
import { createJsonTemplate } from './json-template.ts';
import {
  CLOSE_BRACE,
  COMMA,
  MORE,
  QUOTE,
  keyEnd,
  malformed,
  skipSpace,
  stringEnd,
  stringText,
} from './json-tokens.ts';
import { createJsonValues, type JsonValues, skipValue } from './json-values.ts';
import type { RemarkCollector } from './remark-collector.ts';
import { clearRow, createRowValues } from './row-gatherer.ts';

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

/** @param remarks is told the names that the rows bear. */
export function createJsonRowReader(
  amounts: AmountReader,
  remarks: RemarkCollector,
): JsonRowReader {
  const row = createRowValues();
  const values = createJsonValues(row, amounts);
  const template = createJsonTemplate();
  const names = createRowNames();
  /** Whether the row that was read last may have other values than its amount that the window does not hold. */
  let hasReplaced = true;

  /** Reads token by token, and learns the shape for the rows that follow. */
  function readTokens(window: Uint8Array, from: number): number {
    clearRow(row);
    names.clear();
    template.forget();
    const gaps: Uint8Array[] = [];
    const fields: number[] = [];
    let valueBefore = from;
    let position = skipSpace(window, from + 1);
    if (window[position] === CLOSE_BRACE) return position + 1;
    for (;;) {
      const value = keyEnd(window, position);
      if (value === MORE) return MORE;
      const field = names.take(window, position);
      fields.push(field);
      gaps.push(copyOf(window, valueBefore, value));
      valueBefore = field < 0 ? skipValue(window, value) : values.take(window, value, field);
      if (valueBefore === MORE) return MORE;
      position = skipSpace(window, valueBefore);
      const next = window[position];
      if (next === undefined) return MORE;
      if (next === CLOSE_BRACE) break;
      if (next !== COMMA) throw malformed();
      position = skipSpace(window, position + 1);
    }
    gaps.push(copyOf(window, valueBefore, position + 1));
    template.learn(gaps, fields);
    remarks.shape(fields, names.others);
    return position + 1;
  }

  return {
    row,
    get fieldCount() {
      return names.fieldCount;
    },
    read(window, from) {
      const end = template.match(window, from, row);
      if (end === MORE) {
        hasReplaced = true;
        return readTokens(window, from);
      }
      const { fields, lasts, hasForeignEscape } = template;
      if (hasReplaced || hasForeignEscape) row.replaced.fill(undefined);
      else row.replaced[AMOUNT_FIELD] = undefined;
      hasReplaced = hasForeignEscape;
      row.lasts = lasts;
      if (hasForeignEscape) for (const field of fields) takeMatched(window, field, row, values);
      else takeMatched(window, AMOUNT_FIELD, row, values);
      return end;
    },
  };
}

/** Takes the value of a row that was matched, whose place is known. */
function takeMatched(window: Uint8Array, field: number, row: RowValues, values: JsonValues): void {
  const start = row.starts[field] as number;
  const end = row.ends[field] as number;
  if (start === end) return;
  if (window[start - 1] === QUOTE) values.takeText(window, field, start, end);
  else values.takeNumber(window, field, start, end);
}

/** A Buffer's own slice would keep the window. */
function copyOf(window: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array(window.subarray(start, end));
}

/** The names that one row bears, each of which may stand once. */
interface RowNames {
  /** How many are MKS's. */
  readonly fieldCount: number;
  /** Those that are not MKS's. */
  readonly others: ReadonlySet<string>;
  /**
   * The field of the name whose well-formed key begins at `from`; -1 when it is not MKS's.
   * @throws ArchiveError when the row bears it already.
   */
  take(window: Uint8Array, from: number): number;
  clear(): void;
}

function createRowNames(): RowNames {
  const seen = new Uint8Array(FIELD_COUNT);
  const others = new Set<string>();
  let fieldCount = 0;
  return {
    get fieldCount() {
      return fieldCount;
    },
    others,
    take(window, from) {
      const name = stringText(window, from + 1, stringEnd(window, from + 1) - 1);
      const field = fieldOf(name);
      if (field < 0 ? others.has(name) : seen[field] === 1) {
        throw unexpectedContent('a row bears the same name twice');
      }
      if (field < 0) {
        others.add(name);
      } else {
        seen[field] = 1;
        fieldCount++;
      }
      return field;
    },
    clear() {
      seen.fill(0);
      others.clear();
      fieldCount = 0;
    },
  };
}

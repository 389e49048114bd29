/** One row object of a JSON file, read from the bytes into the nine values of a row. */
import type { AmountReader } from './amount.ts';
import { unexpectedContent } from './errors.ts';
import { AMOUNT_FIELD, FIELD_COUNT, fieldOf, type RowValues } from './fields.ts';
import { createJsonTemplate, type JsonTemplate } from './json-template.ts';
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

  /** Reads token by token, and learns the shape for the rows that follow. */
  function readTokens(window: Uint8Array, from: number): number {
    clearRow(row);
    names.clear();
    template.gaps.length = 0;
    template.fields.length = 0;
    let valueBefore = from;
    let position = skipSpace(window, from + 1);
    if (window[position] === CLOSE_BRACE) return position + 1;
    for (;;) {
      const value = keyEnd(window, position);
      if (value === MORE) return MORE;
      const field = names.take(window, position);
      template.fields.push(field);
      template.gaps.push(new Uint8Array(window.subarray(valueBefore, value)));
      valueBefore = field < 0 ? skipValue(window, value) : values.take(window, value, field);
      if (valueBefore === MORE) return MORE;
      position = skipSpace(window, valueBefore);
      const next = window[position];
      if (next === undefined) return MORE;
      if (next === CLOSE_BRACE) break;
      if (next !== COMMA) throw malformed();
      position = skipSpace(window, position + 1);
    }
    template.gaps.push(new Uint8Array(window.subarray(valueBefore, position + 1)));
    remarks.shape(template.fields, names.others);
    return position + 1;
  }

  return {
    row,
    get fieldCount() {
      return names.fieldCount;
    },
    read(window, from) {
      const end = template.match(window, from);
      if (end === MORE) return readTokens(window, from);
      takeMatched(window, template, row, values);
      return end;
    },
  };
}

/** Takes the values of a row that has the shape of the one before: its fields are the same. */
function takeMatched(
  window: Uint8Array,
  template: JsonTemplate,
  row: RowValues,
  values: JsonValues,
): void {
  for (let place = 0; place < template.fields.length; place++) {
    const field = template.fields[place] as number;
    if (field < 0) continue;
    const start = template.starts[place] as number;
    const end = template.ends[place] as number;
    row.starts[field] = start;
    row.ends[field] = end;
    row.replaced[field] = undefined;
    const isText = window[start - 1] === QUOTE;
    const hasEscape = isText && template.escapes[place] === 1;
    if ((field !== AMOUNT_FIELD && !hasEscape) || start === end) continue;
    if (isText) values.takeText(window, field, start, end);
    else values.takeNumber(window, field, start, end);
  }
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

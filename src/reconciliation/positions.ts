/**
 * Positions: what a balance is a balance of. Rows of one position are added up.
 *
 * Between reading and comparing, a row is a record of bytes: the six values of its position as the inside of JSON
 * strings, then its amount, with SEPARATOR between and a line feed after. No value holds either byte, for JSON
 * escapes both, so records sort by position as bytes do and are equal where the positions are.
 */
import { add, decimalText, toDecimal } from '../lib/decimal.ts';
import { FIELD_NAMES } from '../rows/columns.ts';

/** In the order in which positions are sorted. */
export const POSITION_FIELDS = FIELD_NAMES.slice(2, 8);

export const SEPARATOR = '\u001f';
const SEPARATOR_BYTE = 0x1f;
const LINE_FEED = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

const AMOUNT_FIELD = FIELD_NAMES.length - 1;
const FIRST_FIELD = FIELD_NAMES.indexOf('mbrAccNo');
/** How many bytes of a kept row stand before each of its values: `{"balanceDate":"`, `","mbrId":"` … */
const BEFORE = FIELD_NAMES.map((name, index) => name.length + (index === 0 ? 5 : 6));
/** `"}` and a line feed. */
const AFTER = 3;

/** Takes a record that it has to copy, with a number that is the same for the same position. */
export type TakeRecord = (hash: number, record: Buffer, length: number) => void;

/** @returns reads pieces of whole lines of kept rows, each a record for `take`. */
export function createRowReader(take: TakeRecord): (lines: Buffer) => void {
  let record = Buffer.alloc(4096);

  function put(source: Buffer, start: number, end: number, at: number): number {
    const needed = at + end - start + 1;
    if (needed > record.length) record = Buffer.concat([record], 2 * needed);
    // Values are a few bytes long: a loop is faster than a call into native code.
    for (let from = start, to = at; from < end; from++, to++) record[to] = source[from] as number;
    return at + end - start;
  }

  return (lines) => {
    for (let at = 0; at < lines.length;) {
      let length = 0;
      let hash = 0;
      for (let field = 0; field <= AMOUNT_FIELD; field++) {
        const start = at + (BEFORE[field] ?? 0);
        let isPlain = true;
        let end = start;
        for (; lines[end] !== QUOTE; end++) {
          if (end >= lines.length) throw new Error('a kept row has no end');
          if (lines[end] !== BACKSLASH) continue;
          isPlain = false;
          end++;
        }
        at = end;
        if (field < FIRST_FIELD) continue;
        if (isPlain) {
          length = put(lines, start, end, length);
        } else {
          const value = written(lines.subarray(start, end));
          length = put(value, 0, value.length, length);
        }
        if (field < AMOUNT_FIELD) record[length++] = SEPARATOR_BYTE;
        if (field === AMOUNT_FIELD - 1) hash = hashOf(record, length);
      }
      record[length++] = LINE_FEED;
      at += AFTER;
      take(hash, record, length);
    }
  };
}

/** One way to write each value, so that equal values are equal bytes. */
function written(value: Buffer): Buffer {
  const text: unknown = JSON.parse(`"${value.toString()}"`);
  return Buffer.from(JSON.stringify(text).slice(1, -1));
}

/** FNV-1a, 32 bits. */
function hashOf(bytes: Buffer, length: number): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < length; index++) {
    hash = Math.imul(hash ^ (bytes[index] as number), 0x01000193);
  }
  return hash >>> 0;
}

/** Position → amount of the records, as `latin1` text: a byte a character, so that text sorts as bytes do. */
export function amountsByPosition(records: string): Map<string, string> {
  const amounts = new Map<string, string>();
  for (let at = 0; at < records.length;) {
    const end = records.indexOf('\n', at);
    const split = records.lastIndexOf(SEPARATOR, end);
    const position = records.slice(at, split);
    const amount = records.slice(split + 1, end);
    const other = amounts.get(position);
    amounts.set(position, other === undefined ? amount : sum(other, amount));
    at = end + 1;
  }
  return amounts;
}

function sum(one: string, other: string): string {
  return decimalText(add(toDecimal(one), toDecimal(other)));
}

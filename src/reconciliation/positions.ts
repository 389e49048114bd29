/**
 * Positions: what a balance is a balance of. Rows of one position are added up.
 *
 * Between reading and comparing, a row is a record of bytes: the six values of its position as the inside of JSON
 * strings, then its amount, with SEPARATOR between. No value holds that byte or one below it, for JSON escapes them,
 * so records sort by position as bytes do and are equal where the positions are.
 */
import { randomBytes } from 'node:crypto';
import { FIELD_NAMES } from '../rows/columns.ts';

/** In the order in which positions are sorted. */
export const POSITION_FIELDS = FIELD_NAMES.slice(2, 8);

export const SEPARATOR = '\u001f';
const SEPARATOR_BYTE = 0x1f;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** Behind a backslash they are what can be written otherwise: `\\/`, `\\u0131`. */
const SLASH = 0x2f;
const LETTER_U = 0x75;

const AMOUNT_FIELD = FIELD_NAMES.length - 1;
const FIRST_FIELD = FIELD_NAMES.indexOf('mbrAccNo');
/** How many bytes of a kept row stand before each of its values: `{"balanceDate":"`, `","mbrId":"` … */
const BEFORE = FIELD_NAMES.map((name, index) => name.length + (index === 0 ? 5 : 6));
/** `"}` and a line feed. */
const AFTER = 3;

/** Takes a record that it has to copy, with 32 bits (signed) that are the same for the same position. */
export type TakeRecord = (hash: number, record: Buffer, length: number) => void;

/** The fields that make a record of a row: those of the position, then the amount. */
export const RECORD_FIELDS = FIELD_NAMES.map((_, field) => field).slice(FIRST_FIELD);

/**
 * Writes records: the value of each of RECORD_FIELDS in order, as the inside of a JSON string, of which equal
 * ones are equal bytes.
 */
export type RecordWriter = (field: number, source: Uint8Array, start: number, end: number) => void;

export function createRecordWriter(take: TakeRecord): RecordWriter {
  let record = Buffer.alloc(4096);
  let length = 0;
  let hash = 0;
  return (field, source, start, end) => {
    if (field === FIRST_FIELD) {
      length = 0;
      hash = HASH_BASIS;
    }
    const needed = length + end - start + 1;
    if (needed > record.length) record = Buffer.concat([record], 2 * needed);
    // Values are a few bytes long: a loop is faster than a call into native code, and held in the loop's own names.
    const into = record;
    let at = length;
    let mixed = hash;
    for (let from = start; from < end; from++) {
      const byte = source[from] as number;
      into[at++] = byte;
      mixed = Math.imul(mixed ^ byte, HASH_PRIME);
    }
    if (field === AMOUNT_FIELD) {
      take(hash, into, at);
      return;
    }
    into[at++] = SEPARATOR_BYTE;
    length = at;
    hash = Math.imul(mixed ^ SEPARATOR_BYTE, HASH_PRIME);
  };
}

/**
 * @param isCompared by field: those that make the position, all unless told; the others are left empty.
 * @returns reads pieces of whole lines of kept rows, each a record for `take`.
 */
export function createRowReader(
  take: TakeRecord,
  isCompared: (field: number) => boolean = () => true,
): (lines: Buffer) => void {
  const write = createRecordWriter(take);
  const compared = FIELD_NAMES.map((_, field) => field === AMOUNT_FIELD || isCompared(field));

  return (lines) => {
    for (let at = 0; at < lines.length;) {
      for (let field = 0; field <= AMOUNT_FIELD; field++) {
        const start = at + (BEFORE[field] as number);
        let isWritten = true;
        let end = start;
        for (let byte = lines[end]; byte !== QUOTE; byte = lines[++end]) {
          if (byte === undefined) throw new Error('a kept row has no end');
          if (byte !== BACKSLASH) continue;
          const escaped = lines[++end];
          if (escaped === SLASH || escaped === LETTER_U) isWritten = false;
        }
        at = end;
        if (field < FIRST_FIELD) continue;
        if (compared[field] !== true) {
          write(field, lines, start, start);
        } else if (isWritten) {
          write(field, lines, start, end);
        } else {
          const value = written(lines.subarray(start, end));
          write(field, value, 0, value.length);
        }
      }
      at += AFTER;
    }
  };
}

/** One way to write each value, so that equal values are equal bytes. */
function written(value: Buffer): Buffer {
  const text: unknown = JSON.parse(`"${value.toString()}"`);
  return Buffer.from(JSON.stringify(text).slice(1, -1));
}

/** Where hashes begin: another in each thread, so that nobody can write positions that all have the same. */
const HASH_BASIS = randomBytes(4).readInt32LE();
const HASH_PRIME = 0x01000193;

/** FNV-1a, 32 bits, of the first `length` bytes. */
export function hashOf(bytes: Uint8Array, length: number): number {
  let hash = HASH_BASIS;
  for (let index = 0; index < length; index++) {
    hash = Math.imul(hash ^ (bytes[index] as number), HASH_PRIME);
  }
  return hash;
}

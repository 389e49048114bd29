/**
 * The shape that the rows of a JSON file share: what stands between their values is nearly always the
 * same, byte for byte. A row of the same shape as the one before needs no tokens to be told apart.
 */
import { MORE, QUOTE, numberEnd, stringEnd } from './json-tokens.ts';

const BACKSLASH = 0x5c;
const NULL = Buffer.from('null');

export interface JsonTemplate {
  /** What precedes each value, from the end of the value before it; the last closes the row. */
  readonly gaps: Uint8Array[];
  /** The field that each value is of, or -1. */
  readonly fields: number[];
  /** Filled by `match`: where the values lie, quotes left out of texts. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Filled by `match`: 1 where the value is a text that holds an escape. */
  readonly escapes: Uint8Array;
  /**
   * @param from at the opening brace.
   * @returns the position after the row if it has this shape and its values are texts, numbers and nulls
   *   (which are given an empty range). Otherwise MORE, which says nothing about the row.
   * @throws ArchiveError for an escape that is none.
   */
  match(window: Uint8Array, from: number): number;
}

/** More columns than this are read token by token. */
const VALUES_MAX = 64;

/** The position after `bytes` if they stand at `at`, else MORE. */
function afterBytes(window: Uint8Array, at: number, bytes: Uint8Array): number {
  const length = bytes.length;
  if (at + length > window.length) return MORE;
  for (let index = 0; index < length; index++) {
    if (window[at + index] !== bytes[index]) return MORE;
  }
  return at + length;
}

/** The position of the first quote, escape or control character of a text, else of the window's end. */
function plainEnd(window: Uint8Array, from: number): number {
  const length = window.length;
  let position = from;
  for (; position < length; position++) {
    const byte = window[position] as number;
    if (byte === QUOTE || byte < 0x20 || byte === BACKSLASH) break;
  }
  return position;
}

/** The position after a number or null, else MORE. */
function plainScalarEnd(window: Uint8Array, from: number): number {
  const first = window[from] as number;
  if (first === NULL[0]) return afterBytes(window, from, NULL);
  return first === 0x2d || (first >= 0x30 && first <= 0x39) ? numberEnd(window, from) : MORE;
}

export function createJsonTemplate(): JsonTemplate {
  const gaps: Uint8Array[] = [];
  const fields: number[] = [];
  const starts = new Int32Array(VALUES_MAX);
  const ends = new Int32Array(VALUES_MAX);
  const escapes = new Uint8Array(VALUES_MAX);

  /** The position after the text whose opening quote is at `start`, else MORE. */
  function textEnd(window: Uint8Array, start: number, place: number): number {
    const end = plainEnd(window, start + 1);
    escapes[place] = 0;
    if (window[end] === QUOTE) return end + 1;
    if (window[end] !== BACKSLASH) return MORE;
    escapes[place] = 1;
    return stringEnd(window, end);
  }

  return {
    gaps,
    fields,
    starts,
    ends,
    escapes,
    match(window, from) {
      const count = fields.length;
      // A row that was left half read has not taught the gap that closes it.
      if (gaps.length !== count + 1 || count > VALUES_MAX) return MORE;
      let position = from;
      for (let place = 0; place < count; place++) {
        const start = afterBytes(window, position, gaps[place] as Uint8Array);
        if (start === MORE || start >= window.length) return MORE;
        const isText = window[start] === QUOTE;
        position = isText ? textEnd(window, start, place) : plainScalarEnd(window, start);
        if (position === MORE) return MORE;
        starts[place] = isText ? start + 1 : start;
        if (isText) ends[place] = position - 1;
        else ends[place] = window[start] === NULL[0] ? start : position;
      }
      return afterBytes(window, position, gaps[count] as Uint8Array);
    },
  };
}

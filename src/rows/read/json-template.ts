/**
 * The shape that the rows of a JSON file share: what stands between their values is nearly always the
 * same, byte for byte. A row of the same shape as the one before needs no tokens to be told apart.
 */
import { ALONE, AMOUNT_FIELD, FIELD_COUNT, FIELD_NAMES, type RowValues } from './fields.ts';
import { MORE, QUOTE, escapeEnd, isForeignEscape, numberEnd } from './json-tokens.ts';
import { holdsWords, viewOf, wordsOf } from '../../lib/words.ts';

const BACKSLASH = 0x5c;
const NULL = Buffer.from('null');

export interface JsonTemplate {
  /** The fields of the shape's values, those of unknown names left out. */
  readonly fields: readonly number[];
  /**
   * By field, the last one up to which this shape is a line of ours, where the row that was matched
   * last keeps to it: its values are texts, and none is written in another way than we do.
   */
  readonly lasts: Uint8Array;
  /** Whether a text of the row that was matched last holds an escape that we do not write. */
  readonly hasForeignEscape: boolean;
  /**
   * Learns the shape of a row, for the rows that follow.
   * @param gaps what precedes each value, from the end of the value before it; the last closes the row.
   * @param fields the field that each value is of, or -1.
   */
  learn(gaps: readonly Uint8Array[], fields: readonly number[]): void;
  /** No row has this shape any more, until the next one is learned. */
  forget(): void;
  /**
   * @param from at the opening brace.
   * @param row is given the places of its values, quotes left out of texts; of a null, an empty one.
   * @returns the position after the row if it has this shape and its values are texts, numbers and
   *   nulls. Otherwise MORE, which says nothing about the row.
   * @throws ArchiveError for an escape that is none.
   */
  match(window: Uint8Array, from: number, row: RowValues): number;
}

/** More columns than this are read token by token. */
const VALUES_MAX = 64;

/** What rows have in common. */
interface Shape {
  /** Which bytes precede each value, and how many: `,"":` at least. */
  words: Int32Array[];
  lengths: number[];
  /** What closes the row. */
  closing: Uint8Array;
  /** Where the place of each value goes. */
  slots: number[];
  fields: number[];
  lasts: Uint8Array;
}

const NO_SHAPE = shapeOf([new Uint8Array()], []);

function shapeOf(gaps: readonly Uint8Array[], fields: readonly number[]): Shape {
  const preceding = gaps.slice(0, -1);
  return {
    words: preceding.map((bytes) => wordsOf(bytes)),
    lengths: preceding.map(({ length }) => length),
    closing: Uint8Array.from(gaps.at(-1) ?? []),
    slots: fields.map((field) => (field < 0 ? FIELD_COUNT : field)),
    fields: fields.filter((field) => field >= 0),
    lasts: lastsOf(gaps, fields),
  };
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

/** The position after `bytes` if they stand at `at`, else MORE. */
function afterBytes(window: Uint8Array, at: number, bytes: Uint8Array): number {
  const length = bytes.length;
  if (at + length > window.length) return MORE;
  for (let index = 0; index < length; index++) {
    if (window[at + index] !== bytes[index]) return MORE;
  }
  return at + length;
}

/** The position after a number or null, else MORE. */
function plainScalarEnd(window: Uint8Array, from: number): number {
  const first = window[from] as number;
  if (first === NULL[0]) return afterBytes(window, from, NULL);
  return first === 0x2d || (first >= 0x30 && first <= 0x39) ? numberEnd(window, from) : MORE;
}

/** By field, how far the values and what lies between them are as in a line of ours. */
function lastsOf(gaps: readonly Uint8Array[], fields: readonly number[]): Uint8Array {
  const lasts = ALONE.slice();
  for (let place = fields.length - 1; place > 0; place--) {
    const field = fields[place] as number;
    const isNext = field > 0 && field !== AMOUNT_FIELD && fields[place - 1] === field - 1;
    const ours = Buffer.from(`,"${FIELD_NAMES[field]}":`);
    if (isNext && ours.equals(gaps[place] as Uint8Array)) lasts[field - 1] = lasts[field] as number;
  }
  return lasts;
}

export function createJsonTemplate(): JsonTemplate {
  let shape = NO_SHAPE;
  /** Of the row that was matched: whether its values, the amount aside, are texts. */
  let isAllTexts = false;
  let hasForeignEscape = false;
  let seen: Uint8Array | undefined;
  let view = viewOf(NO_SHAPE.closing);

  /** The position of the quote that closes the text whose inside begins at `from`, else MORE. */
  function closingQuote(window: Uint8Array, from: number): number {
    let end = plainEnd(window, from);
    while (window[end] === BACKSLASH) {
      if (isForeignEscape(window[end + 1])) hasForeignEscape = true;
      end = escapeEnd(window, end + 1);
      if (end === MORE) return MORE;
      end = plainEnd(window, end);
    }
    return window[end] === QUOTE ? end : MORE;
  }

  return {
    get fields() {
      return shape.fields;
    },
    get lasts() {
      return isAllTexts && !hasForeignEscape ? shape.lasts : ALONE;
    },
    get hasForeignEscape() {
      return hasForeignEscape;
    },
    learn(gaps, fields) {
      if (fields.length <= VALUES_MAX) shape = shapeOf(gaps, fields);
    },
    forget() {
      shape = NO_SHAPE;
    },
    match(window, from, { starts, ends }) {
      const { words, lengths, slots, closing } = shape;
      const count = slots.length;
      if (count === 0) return MORE;
      if (window !== seen) [seen, view] = [window, viewOf(window)];
      isAllTexts = true;
      hasForeignEscape = false;
      let position = from;
      for (let place = 0; place < count; place++) {
        const slot = slots[place] as number;
        const start = position + (lengths[place] as number);
        if (start >= window.length) return MORE;
        if (!holdsWords(view, position, start, words[place] as Int32Array)) return MORE;
        if (window[start] === QUOTE) {
          const end = closingQuote(window, start + 1);
          if (end === MORE) return MORE;
          starts[slot] = start + 1;
          ends[slot] = end;
          position = end + 1;
        } else {
          position = plainScalarEnd(window, start);
          if (position === MORE) return MORE;
          if (slot < AMOUNT_FIELD) isAllTexts = false;
          starts[slot] = start;
          ends[slot] = window[start] === NULL[0] ? start : position;
        }
      }
      return afterBytes(window, position, closing);
    },
  };
}

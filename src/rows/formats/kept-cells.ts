/**
 * Finds the cells of kept lines in their bytes: a kept line bears the same names in the same order, so that it
 * need not be parsed.
 */
import { viewOf } from '../../lib/words.ts';
import { FIELD_NAMES } from '../columns.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const CLOSE_BRACE = 0x7d;
const LINE_FEED = 0x0a;

/** What a cell is made of, for a format to tell at a glance which cells it has to look at. */
export const DIGIT = 1;
export const UPPER = 2;
export const SEMICOLON = 4;
/** What is not ASCII. */
export const FAR = 8;
/** A sign that stands escaped in JSON: a quote, a backslash, a line end … */
export const ESCAPE = 16;
/** What XML may want to be written otherwise: `&`, `<`, `>`, `_` before an x, U+FFFE and U+FFFF. */
export const MARKUP = 32;
const OTHER = 64;
/** No part of a cell: the quote that ends it, and control characters, which stand in JSON escaped only. */
const END = 128;

const KINDS = new Uint8Array(256).fill(END, 0, 0x20).fill(OTHER, 0x20, 0x80).fill(FAR, 0x80);
KINDS.fill(DIGIT, 0x30, 0x3a).fill(UPPER, 0x41, 0x5b);
KINDS[QUOTE] = END;
KINDS[BACKSLASH] = ESCAPE;
KINDS[0x3b] = SEMICOLON;
for (const sign of Buffer.from('&<>_')) KINDS[sign] = MARKUP;
// How they begin in UTF-8, and others do too.
KINDS[0xef] = FAR | MARKUP;

/** What stands before each value. */
const PREFIXES = FIELD_NAMES.map((name, index) =>
  Buffer.from(`${index === 0 ? '{' : '",'}"${name}":"`),
);
export const PREFIX_LENGTHS = Int32Array.from(PREFIXES, ({ length }) => length);
const PREFIX_HEADS = Int32Array.from(PREFIXES, (bytes) => viewOf(bytes).getInt32(0));
const PREFIX_TAILS = Int32Array.from(PREFIXES, (bytes) => viewOf(bytes).getInt32(bytes.length - 4));
const SUFFIX_LENGTH = '"}\n'.length;
const COUNT = PREFIXES.length;

/** A line bears its names in another way than kept lines do. */
export const NOT_AS_KEPT = -1;

/**
 * Whether what stands before this field's value is at `[at, start)`. Four bytes at either end tell: they have the name's
 * first letter, its last one and how long it is, in which no two of the nine are alike.
 */
export function holdsPrefix(source: DataView, at: number, start: number, field: number): boolean {
  return (
    source.getInt32(at) === PREFIX_HEADS[field] &&
    source.getInt32(start - 4) === PREFIX_TAILS[field]
  );
}

/** Where the cells of one line lie, and what each is made of. */
export interface KeptCells {
  starts: Int32Array;
  ends: Int32Array;
  kinds: Int32Array;
}

export function createKeptCells(): KeptCells {
  return {
    starts: new Int32Array(COUNT),
    ends: new Int32Array(COUNT),
    kinds: new Int32Array(COUNT),
  };
}

/**
 * @param source a view of the piece. @param at where a line begins. @param cells is filled.
 * @returns where the next one begins, or NOT_AS_KEPT.
 */
export function findCells(
  piece: Uint8Array,
  source: DataView,
  at: number,
  { starts, ends, kinds }: KeptCells,
): number {
  let end = at;
  for (let field = 0; field < COUNT; field++) {
    const start = end + (PREFIX_LENGTHS[field] as number);
    if (start > piece.length || !holdsPrefix(source, end, start, field)) return NOT_AS_KEPT;
    let seen = 0;
    for (end = start; ; end++) {
      const kind = KINDS[piece[end] as number] as number;
      if (kind === END) break;
      seen |= kind;
      // What is escaped is no end.
      if (kind === ESCAPE) end++;
    }
    starts[field] = start;
    ends[field] = end;
    kinds[field] = seen;
  }
  const isWhole =
    piece[end] === QUOTE && piece[end + 1] === CLOSE_BRACE && piece[end + 2] === LINE_FEED;
  return isWhole ? end + SUFFIX_LENGTH : NOT_AS_KEPT;
}

/** The text of a cell that lies there. */
export function textOf(piece: Buffer, start: number, end: number): string {
  const text = piece.toString('utf8', start, end);
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}

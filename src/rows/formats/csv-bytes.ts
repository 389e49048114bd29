/**
 * Kept lines → CSV by RFC 4180, from bytes to bytes: a kept line bears the same names in the same order,
 * so its cells are found without parsing it. The way to them is `findCells` once more: a call a line costs a fifth.
 */
import { viewOf } from '../../lib/words.ts';
import { FIELD_NAMES } from '../columns.ts';
import { quoteIfNeeded } from './csv-text.ts';
import { holdsPrefix, NOT_AS_KEPT, PREFIX_LENGTHS } from './kept-cells.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const CLOSE_BRACE = 0x7d;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

const WORD_BYTES = 4;
const SUFFIX_LENGTH = '"}\n'.length;
const LAST = FIELD_NAMES.length - 1;

/** The byte that each escape of two signs stands for, by its second one. */
const ESCAPED = new Uint8Array(256);
for (const [sign, byte] of Object.entries({
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
})) {
  ESCAPED[sign.charCodeAt(0)] = byte.charCodeAt(0);
}

/**
 * Writes the lines from `from` on.
 * @param piece whole lines as they are kept.
 * @param target has room for as many bytes: names and quotes go, and at most two quotes a cell come.
 * @returns the position after them, or NOT_AS_KEPT; what was written then is of no use.
 */
export function writeCsvLines(piece: Buffer, target: Buffer, from: number): number {
  const [source, into] = [viewOf(piece), viewOf(target)];
  const lastWord = piece.length - WORD_BYTES;
  let used = from;
  for (let at = 0; at < piece.length;) {
    for (let field = 0; field <= LAST; field++) {
      const start = at + (PREFIX_LENGTHS[field] as number);
      if (start > piece.length || !holdsPrefix(source, at, start, field)) return NOT_AS_KEPT;
      const cell = used;
      let sign = QUOTE;
      // Four bytes at a time, for most cells are short; what is copied too much is written over.
      for (at = start; at <= lastWord;) {
        const word = source.getInt32(at, true);
        into.setInt32(used, word, true);
        const odd = oddBytes(word);
        if (odd === 0) {
          at += WORD_BYTES;
          used += WORD_BYTES;
          continue;
        }
        const plain = (31 - Math.clz32(odd & -odd)) >> 3;
        at += plain;
        used += plain;
        sign = (word >> (8 * plain)) & 0xff;
        if (sign === QUOTE || sign === COMMA || sign === BACKSLASH) break;
        at++;
        used++;
      }
      if (sign !== QUOTE) {
        at = endOfCell(piece, at);
        if (at === NOT_AS_KEPT) return NOT_AS_KEPT;
        used = writeCell(piece, start, at, target, cell);
      }
      target[used++] = COMMA;
    }
    if (piece[at] !== QUOTE || piece[at + 1] !== CLOSE_BRACE || piece[at + 2] !== LINE_FEED)
      return NOT_AS_KEPT;
    at += SUFFIX_LENGTH;
    target[used - 1] = CARRIAGE_RETURN;
    target[used++] = LINE_FEED;
  }
  return used;
}

/**
 * The highest bit of each byte of the word that is less than `-` or a backslash: all that ends a cell or wants quotes
 * is among them. It is right up to the first such byte.
 */
function oddBytes(word: number): number {
  const backslashes = word ^ 0x5c5c5c5c;
  return (((word - 0x2d2d2d2d) & ~word) | ((backslashes - 0x01010101) & ~backslashes)) & 0x80808080;
}

function endOfCell(piece: Buffer, from: number): number {
  for (let at = from; at < piece.length; at++) {
    if (piece[at] === QUOTE) return at;
    if (piece[at] === BACKSLASH) at++;
  }
  return NOT_AS_KEPT;
}

/** Writes a value that holds escapes or commas: in quotes where RFC 4180 wants them. @returns as above. */
function writeCell(
  piece: Buffer,
  start: number,
  end: number,
  target: Buffer,
  from: number,
): number {
  let isQuoted = false;
  let used = from;
  target[used++] = QUOTE;
  for (let at = start; at < end; at++) {
    let byte = piece[at] as number;
    if (byte === BACKSLASH) {
      byte = ESCAPED[piece[++at] as number] as number;
      // `\u…`: few have it.
      if (byte === 0) return from + target.write(cellOf(piece, start, end), from);
    }
    if (byte === QUOTE) target[used++] = QUOTE;
    if (byte === QUOTE || byte === COMMA || byte === LINE_FEED || byte === CARRIAGE_RETURN) {
      isQuoted = true;
    }
    target[used++] = byte;
  }
  if (!isQuoted) {
    target.copyWithin(from, from + 1, used);
    return used - 1;
  }
  target[used++] = QUOTE;
  return used;
}

function cellOf(piece: Buffer, start: number, end: number): string {
  const value: unknown = JSON.parse(`"${piece.toString('utf8', start, end)}"`);
  return quoteIfNeeded(String(value), ',');
}

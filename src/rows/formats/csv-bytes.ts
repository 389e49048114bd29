/**
 * Kept lines → CSV by RFC 4180, from bytes to bytes: a kept line bears the same names in the same order,
 * so its cells are found without parsing it. The way to them is `findCells` once more: a call a line costs a fifth.
 */
import { copyBytes, holdsWords, viewOf } from '../../lib/words.ts';
import { FIELD_NAMES } from '../columns.ts';
import { quoteIfNeeded } from './csv-text.ts';
import { NOT_AS_KEPT, PREFIX_LENGTHS, PREFIX_WORDS } from './kept-cells.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const CLOSE_BRACE = 0x7d;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

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
  let used = from;
  let at = 0;
  for (let field = 0; at < piece.length; field = field === LAST ? 0 : field + 1) {
    const start = at + (PREFIX_LENGTHS[field] as number);
    if (start > piece.length) return NOT_AS_KEPT;
    if (!holdsWords(source, at, start, PREFIX_WORDS[field] as Int32Array)) return NOT_AS_KEPT;
    let isPlain = true;
    for (at = start; piece[at] !== QUOTE; at++) {
      const byte = piece[at];
      if (byte === undefined) return NOT_AS_KEPT;
      if (byte === COMMA) isPlain = false;
      if (byte === BACKSLASH) {
        isPlain = false;
        at++;
      }
    }
    used = isPlain
      ? copyBytes(source, start, at, into, used)
      : writeCell(piece, start, at, target, used);
    if (field < LAST) {
      target[used++] = COMMA;
      continue;
    }
    if (piece[at + 1] !== CLOSE_BRACE || piece[at + 2] !== LINE_FEED) return NOT_AS_KEPT;
    at += SUFFIX_LENGTH;
    target[used++] = CARRIAGE_RETURN;
    target[used++] = LINE_FEED;
  }
  return used;
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

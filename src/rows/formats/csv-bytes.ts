/**
 * Kept lines → CSV by RFC 4180, from bytes to bytes: a kept line bears the same names in the same order,
 * so its cells are found without parsing it.
 */
import { holdsWords, viewOf, wordsOf } from '../../lib/words.ts';
import { FIELD_NAMES } from '../columns.ts';
import { linesOfCells, plainLine, quoteIfNeeded } from './csv-text.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** What stands before each value, and after the last. */
const PREFIXES = FIELD_NAMES.map((name, index) =>
  Buffer.from(`${index === 0 ? '{' : '",'}"${name}":"`),
);
const PREFIX_WORDS = PREFIXES.map((bytes) => wordsOf(bytes));
const PREFIX_LENGTHS = PREFIXES.map(({ length }) => length);
const SUFFIX = Buffer.from('"}\n');

/** @param piece whole lines as they are kept. @returns a line of CSV each. */
export function csvLines(piece: Buffer): Buffer {
  const view = viewOf(piece);
  // Names and quotes go, and at most two quotes a cell come: never longer than what it is made of.
  const written = Buffer.allocUnsafeSlow(piece.length);
  let used = 0;
  let at = 0;
  for (let field = 0; at < piece.length; field++) {
    if (field === PREFIXES.length) {
      if (!SUFFIX.every((byte, index) => piece[at + index] === byte)) return parsed(piece);
      at += SUFFIX.length;
      written[used++] = CARRIAGE_RETURN;
      written[used++] = LINE_FEED;
      field = -1;
      continue;
    }
    const start = at + (PREFIX_LENGTHS[field] as number);
    if (start > piece.length) return parsed(piece);
    if (!holdsWords(view, at, start, PREFIX_WORDS[field] as Int32Array)) return parsed(piece);
    if (field > 0) written[used++] = COMMA;
    const begin = used;
    let isPlain = true;
    for (at = start; piece[at] !== QUOTE; at++) {
      const byte = piece[at];
      if (byte === undefined) return parsed(piece);
      if (byte === COMMA) isPlain = false;
      if (byte === BACKSLASH) {
        isPlain = false;
        at++;
      }
      if (isPlain) written[used++] = byte;
    }
    if (!isPlain) used = begin + written.write(cellOf(piece, start, at), begin);
  }
  return written.subarray(0, used);
}

/** The cell of a value that is written in another way in CSV. */
function cellOf(piece: Buffer, start: number, end: number): string {
  const value: unknown = JSON.parse(`"${piece.toString('utf8', start, end)}"`);
  return quoteIfNeeded(String(value), ',');
}

/** The same of lines that bear their names in another order. */
function parsed(piece: Buffer): Buffer {
  return linesOfCells(piece, FIELD_NAMES, plainLine);
}

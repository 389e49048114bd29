/**
 * The tokens of JSON (RFC 8259) in a window of bytes.
 *
 * Each function gives the position after what it has read, or MORE when the window ends first; what
 * cannot be JSON throws ArchiveError. That the bytes are UTF-8 is checked elsewhere, a window at a
 * time.
 */
import { unexpectedContent } from './errors.ts';

/** The window ends inside the token. */
export const MORE = -1;

export const QUOTE = 0x22;
export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPEN_BRACE = 0x7b;
export const CLOSE_BRACE = 0x7d;
export const OPEN_BRACKET = 0x5b;
export const CLOSE_BRACKET = 0x5d;

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const SLASH = 0x2f;
/** By byte: 1 for what makes an escape by itself. */
const SIMPLE_ESCAPES = new Uint8Array(256);
for (const byte of Buffer.from('"\\/bfnrt')) SIMPLE_ESCAPES[byte] = 1;

/** Deeper nesting in what is skipped is refused: rows are flat, and recursion has to end. */
const DEPTH_MAX = 64;

/** Literals by their first byte. */
const LITERALS = new Map(['true', 'false', 'null'].map((word) => [word.charCodeAt(0), word]));

export function malformed(): Error {
  return unexpectedContent('the file is not well-formed JSON');
}

export function skipSpace(window: Uint8Array, from: number): number {
  let position = from;
  for (;;) {
    const byte = window[position];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return position;
    position++;
  }
}

function isHexDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}

/** @param from after the backslash. */
/**
 * Whether `kind`, which follows a backslash, makes an escape that JSON.stringify would not write as it
 * stands: `\uXXXX` and `\/`. All others are the only way to write what they stand for.
 */
export function isForeignEscape(kind: number | undefined): boolean {
  return kind === LETTER_U || kind === SLASH;
}

/**
 * @param from after the backslash.
 * @throws ArchiveError for an escape that is none.
 */
export function escapeEnd(window: Uint8Array, from: number): number {
  const kind = window[from];
  if (kind === undefined) return MORE;
  if (SIMPLE_ESCAPES[kind] === 1) return from + 1;
  if (kind !== LETTER_U) throw malformed();
  for (let position = from + 1; position < from + 5; position++) {
    const byte = window[position];
    if (byte === undefined) return MORE;
    if (!isHexDigit(byte)) throw malformed();
  }
  return from + 5;
}

/**
 * @param from after the opening quote.
 * @returns the position after the closing quote.
 */
export function stringEnd(window: Uint8Array, from: number): number {
  const length = window.length;
  let position = from;
  while (position < length) {
    const byte = window[position++] as number;
    if (byte === QUOTE) return position;
    if (byte < 0x20) throw malformed();
    if (byte === BACKSLASH) {
      position = escapeEnd(window, position);
      if (position === MORE) return MORE;
    }
  }
  return MORE;
}

/** @returns the position after the digits; at least one is required. */
function digitsEnd(window: Uint8Array, from: number): number {
  let position = from;
  let byte = window[position];
  while (byte !== undefined && byte >= 0x30 && byte <= 0x39) byte = window[++position];
  if (byte === undefined) return MORE;
  if (position === from) throw malformed();
  return position;
}

/** A number is over only when something else follows it. */
export function numberEnd(window: Uint8Array, from: number): number {
  const first = window[from] === 0x2d ? from + 1 : from;
  let position = digitsEnd(window, first);
  if (position === MORE) return MORE;
  if (window[first] === 0x30 && position > first + 1) throw malformed();
  if (window[position] === 0x2e) {
    position = digitsEnd(window, position + 1);
    if (position === MORE) return MORE;
  }
  if (((window[position] as number) | 0x20) === 0x65) {
    const sign = window[position + 1];
    position = digitsEnd(window, position + (sign === 0x2b || sign === 0x2d ? 2 : 1));
  }
  return position;
}

/** Reads a number, `true`, `false` or `null`. */
export function scalarEnd(window: Uint8Array, from: number): number {
  const first = window[from];
  if (first === undefined) return MORE;
  const word = LITERALS.get(first);
  if (word === undefined) return numberEnd(window, from);
  for (let index = 1; index < word.length; index++) {
    const byte = window[from + index];
    if (byte === undefined) return MORE;
    if (byte !== word.charCodeAt(index)) throw malformed();
  }
  return from + word.length;
}

/** Reads `"key" :` and gives the position of the value, white space before it skipped. */
export function keyEnd(window: Uint8Array, from: number): number {
  const first = window[from];
  if (first === undefined) return MORE;
  if (first !== QUOTE) throw malformed();
  const end = stringEnd(window, from + 1);
  if (end === MORE) return MORE;
  const colon = skipSpace(window, end);
  if (colon >= window.length) return MORE;
  if (window[colon] !== COLON) throw malformed();
  return skipSpace(window, colon + 1);
}

/** Reads any value; `from` is at its first byte. */
export function valueEnd(window: Uint8Array, from: number, depth = 0): number {
  const first = window[from];
  if (first === undefined) return MORE;
  if (first === QUOTE) return stringEnd(window, from + 1);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return scalarEnd(window, from);
  if (depth === DEPTH_MAX) throw unexpectedContent('the JSON is nested too deep');
  const isObject = first === OPEN_BRACE;
  const close = isObject ? CLOSE_BRACE : CLOSE_BRACKET;
  let position = skipSpace(window, from + 1);
  if (window[position] === close) return position + 1;
  for (;;) {
    if (isObject) position = keyEnd(window, position);
    if (position !== MORE) position = valueEnd(window, position, depth + 1);
    if (position === MORE) return MORE;
    position = skipSpace(window, position);
    if (position >= window.length) return MORE;
    const next = window[position++];
    if (next === close) return position;
    if (next !== COMMA) throw malformed();
    position = skipSpace(window, position);
  }
}

/** The text of a string whose inside is `[start, end)`, escapes resolved. */
export function stringText(window: Uint8Array, start: number, end: number): string {
  const raw = Buffer.from(window.buffer, window.byteOffset + start, end - start).toString();
  if (!raw.includes('\\')) return raw;
  const text: unknown = JSON.parse(`"${raw}"`);
  return String(text);
}

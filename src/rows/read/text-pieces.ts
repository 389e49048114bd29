/** A file's bytes as pieces of UTF-8 that hold whole characters, whatever its encoding was. */
import { isAscii, isUtf8 } from 'node:buffer';
import { unexpectedContent } from './errors.ts';

export type Encoding = 'utf-8' | 'windows-1254';

/** No piece is longer; it bounds how far the output can run ahead of its sink. */
export const PIECE_MAX_BYTES = 256 * 1024;

/** What is decoded in one go: a windows-1254 byte takes up to three in UTF-8. */
const WINDOWS_1254_SLICE_BYTES = PIECE_MAX_BYTES / 4;

const BYTE_ORDER_MARK = Buffer.from('\uFEFF');

export class NotUtf8Error extends Error {
  constructor() {
    super('the file is not valid UTF-8');
  }
}

/** How many bytes at the end begin a character that the next piece has to finish. */
function unfinishedBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] as number;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back < length ? back : 0;
    }
  }
  return 0;
}

async function* utf8Pieces(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let held: Uint8Array = new Uint8Array(0);
  let isFirst = true;
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length;) {
      const slice = chunk.subarray(from, from + PIECE_MAX_BYTES - held.length);
      from += slice.length;
      const bytes = held.length === 0 ? slice : Buffer.concat([held, slice]);
      const end = bytes.length - unfinishedBytes(bytes);
      held = Buffer.from(bytes.subarray(end));
      if (end === 0) continue;
      const piece = bytes.subarray(0, end);
      if (!isUtf8(piece)) throw new NotUtf8Error();
      const hasMark = isFirst && BYTE_ORDER_MARK.equals(piece.subarray(0, 3));
      isFirst = false;
      yield hasMark ? piece.subarray(3) : piece;
    }
  }
  if (held.length > 0) throw new NotUtf8Error();
}

/** Whether a character of two to four bytes stands somewhere in the bytes as valid UTF-8. */
function holdsMultiByte(bytes: Uint8Array): boolean {
  if (isAscii(bytes)) return false;
  for (let at = 0; at + 1 < bytes.length; at++) {
    const first = bytes[at] as number;
    if (first < 0xc2 || ((bytes[at + 1] as number) & 0xc0) !== 0x80) continue;
    const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (at + length <= bytes.length && isUtf8(bytes.subarray(at, at + length))) return true;
  }
  return false;
}

/** A file with good UTF-8 in it is UTF-8 with a fault: read so, each of its letters would be wrong. */
async function* windows1254Pieces(source: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const decoder = new TextDecoder('windows-1254');
  let before: Uint8Array = new Uint8Array(0);
  for await (const chunk of source) {
    for (let from = 0; from < chunk.length; from += WINDOWS_1254_SLICE_BYTES) {
      const slice = chunk.subarray(from, from + WINDOWS_1254_SLICE_BYTES);
      const bytes = before.length === 0 ? slice : Buffer.concat([before, slice]);
      if (holdsMultiByte(bytes))
        throw unexpectedContent('the CSV is UTF-8 with bytes that are not');
      // A character may be cut by the end of a slice: its last three bytes are looked at again.
      before = Buffer.from(bytes.subarray(-3));
      yield Buffer.from(decoder.decode(slice));
    }
  }
}

/**
 * The same text in UTF-8, without a byte order mark; a piece of the source, and one of these, is done with when
 * the next one is asked for.
 * @throws NotUtf8Error at the first byte that is not UTF-8, when it was said to be.
 * @throws ArchiveError when it was said to be windows-1254 and holds a character in UTF-8.
 */
export function textPieces(
  source: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncIterable<Uint8Array> {
  return encoding === 'utf-8' ? utf8Pieces(source) : windows1254Pieces(source);
}

/**
 * Bytes compared and copied several at a time: a row's are too few for a call into native code to be
 * worth it, and too many to go over them one by one.
 */

const WORD_BYTES = 4;

export function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

/** @param bytes four at least. @returns them as words; the last may lie over the one before. */
export function wordsOf(bytes: Uint8Array): Int32Array {
  const view = viewOf(bytes);
  const count = Math.ceil(bytes.length / WORD_BYTES);
  return Int32Array.from({ length: count }, (_, index) =>
    view.getInt32(Math.min(index * WORD_BYTES, bytes.length - WORD_BYTES)),
  );
}

/** Whether the bytes at `[at, end)`, as many as the words were made of, are the same. */
export function holdsWords(view: DataView, at: number, end: number, words: Int32Array): boolean {
  const last = words.length - 1;
  let position = at;
  for (let index = 0; index < last; index++) {
    if (view.getInt32(position) !== words[index]) return false;
    position += WORD_BYTES;
  }
  return view.getInt32(end - WORD_BYTES) === words[last];
}

/** Copies `[start, end)` to `at`. @returns the position after them. */
export function copyBytes(
  source: DataView,
  start: number,
  end: number,
  target: DataView,
  at: number,
): number {
  let from = start;
  let to = at;
  // The optimised code holds these in a register: no BigInt is made.
  for (; from + 8 <= end; from += 8, to += 8) target.setBigInt64(to, source.getBigInt64(from));
  for (; from + 4 <= end; from += 4, to += 4) target.setInt32(to, source.getInt32(from));
  for (; from < end; from++, to++) target.setUint8(to, source.getUint8(from));
  return to;
}

/** Whether the first `length` bytes stand at `start` of the others: for a few, where no view is at hand. */
export function startsAlike(
  bytes: Uint8Array,
  length: number,
  others: Uint8Array,
  start: number,
): boolean {
  for (let at = 0; at < length; at++) if (bytes[at] !== others[start + at]) return false;
  return true;
}

/** Whether `length` bytes at both places are the same. */
export function equalBytes(view: DataView, one: number, other: number, length: number): boolean {
  const end = one + length;
  const shift = other - one;
  let at = one;
  for (; at + 4 <= end; at += 4) {
    if (view.getInt32(at) !== view.getInt32(at + shift)) return false;
  }
  for (; at < end; at++) if (view.getUint8(at) !== view.getUint8(at + shift)) return false;
  return true;
}

/** A CSV cell whose bytes are not the inside of a JSON string as they stand. */
import { QUOTE } from './json-tokens.ts';

/** By byte, what JSON.stringify writes for it in more than one byte (ECMA-262, QuoteJSONString). */
const ESCAPES = Array.from({ length: 0x80 }, (_, byte) => {
  const written = JSON.stringify(String.fromCharCode(byte)).slice(1, -1);
  return written.length > 1 ? Buffer.from(written) : undefined;
});
const LONGEST_ESCAPE = String.raw`\u0000`.length;

/**
 * The value of the cell at `[start, end)` as the inside of a JSON string, escaped as JSON.stringify does.
 * @param isQuoted whether it stood in quotes, where two of them mean one (RFC 4180 §2.7).
 */
export function cellInside(
  window: Uint8Array,
  start: number,
  end: number,
  isQuoted: boolean,
): Uint8Array {
  const inside = Buffer.allocUnsafe((end - start) * LONGEST_ESCAPE);
  let used = 0;
  for (let at = start; at < end; at++) {
    const byte = window[at] as number;
    const escape = ESCAPES[byte];
    if (escape === undefined) inside[used++] = byte;
    else for (const each of escape) inside[used++] = each;
    if (isQuoted && byte === QUOTE) at++;
  }
  return inside.subarray(0, used);
}

/** The first line of a CSV file: where it ends, and what separates its columns. */
import { afterLineEnd } from './csv-line.ts';
import { MORE, QUOTE } from './json-tokens.ts';

const DELIMITERS = [...Buffer.from(';,\t|')];
const LINE_ENDS = [...Buffer.from('\n\r')];

/** The end of the first line, its line end included, or MORE. */
export function headerEnd(window: Uint8Array, last: boolean): number {
  let isQuoted = false;
  for (let position = 0; position < window.length; position++) {
    const byte = window[position] as number;
    if (byte === QUOTE) isQuoted = !isQuoted;
    if (!isQuoted && LINE_ENDS.includes(byte)) return afterLineEnd(window, position, last);
  }
  return last ? window.length : MORE;
}

/** The delimiter that the header has most of, outside quotes. */
export function delimiterOf(header: Uint8Array): number {
  const counts = DELIMITERS.map(() => 0);
  let isQuoted = false;
  for (const byte of header) {
    if (byte === QUOTE) isQuoted = !isQuoted;
    const index = isQuoted ? -1 : DELIMITERS.indexOf(byte);
    if (index >= 0) counts[index] = (counts[index] ?? 0) + 1;
  }
  return DELIMITERS[counts.indexOf(Math.max(...counts))] as number;
}

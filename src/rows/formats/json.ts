/** One JSON document of a ready report; `rowCount` comes last and so vouches for the rows. */
import type { Format, RowLines, RowsOf } from './format.ts';

const LINE_FEED = 0x0a;
const COMMA = 0x2c;

export const json: Format = {
  name: 'json',
  mediaType: 'application/json',
  contentType: 'application/json; charset=utf-8',
  extension: 'json',
  summary: { en: 'One document', tr: 'Tek belge' },
  shape: 'document',
  write,
};

async function* write(
  { id, member, processDate, refId }: RowsOf,
  rows: RowLines,
): AsyncGenerator<Buffer> {
  const head = JSON.stringify({ id, member, processDate, refId });
  yield Buffer.from(`${head.slice(0, -1)},"rows":[`);
  let held: Buffer | undefined;
  for await (const piece of rows.bytes()) {
    if (piece.length === 0) continue;
    if (held !== undefined) yield withCommas(held);
    held = piece;
  }
  // What ends the last line stands between no two.
  if (held !== undefined) yield withCommas(held.subarray(0, -1));
  yield Buffer.from(`],"rowCount":${rows.rowCount}}\n`);
}

/** Lines of JSON values → the values with commas between them, and one before them unless first. */
export function joinLines(lines: Buffer, isFirst: boolean): Buffer {
  const end = lines.at(-1) === LINE_FEED ? lines.length - 1 : lines.length;
  const offset = isFirst ? 0 : 1;
  const joined = Buffer.allocUnsafe(end + offset);
  if (!isFirst) joined[0] = COMMA;
  lines.copy(joined, offset, 0, end);
  return withCommas(joined);
}

/** Puts a comma where each line ends: a line feed inside a JSON string is always escaped. */
function withCommas(lines: Buffer): Buffer {
  let position = lines.indexOf(LINE_FEED);
  while (position !== -1) {
    lines[position] = COMMA;
    position = lines.indexOf(LINE_FEED, position + 1);
  }
  return lines;
}

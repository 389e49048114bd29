/** The lines of a trail file, one after the other, and what stands behind the last line end. */
import { createReadStream } from 'node:fs';

export interface FileLine {
  text: string;
  /** In the file, from 1. */
  at: number;
  /** It has no line end, for the writing of it broke off: its bytes, which need be no text. */
  torn?: Buffer;
}

/** None of the trail's lines comes near it. */
const MAX_LINE_BYTES = 4 * 1024 * 1024;
const LINE_END = 0x0a;

/** @throws errors of the file system, and for a line that can be none of the trail. */
export async function* linesOf(file: string): AsyncGenerator<FileLine> {
  let rest = Buffer.alloc(0);
  let at = 0;
  for await (const piece of createReadStream(file) as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, piece]);
    let begin = 0;
    for (let end = bytes.indexOf(LINE_END); end >= 0; end = bytes.indexOf(LINE_END, begin)) {
      at += 1;
      yield { text: bytes.toString('utf8', begin, end), at };
      begin = end + 1;
    }
    rest = bytes.subarray(begin);
    if (rest.length > MAX_LINE_BYTES) throw new Error(`${file}: a line without an end`);
  }
  if (rest.length > 0) yield { text: '', at: at + 1, torn: rest };
}

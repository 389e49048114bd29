/** The lines of one segment from a place backwards, a block at a time, whatever its size. */
import { open, type FileHandle } from 'node:fs/promises';
import { MAX_LINE_BYTES, parseLine, type LineBase } from './line.ts';
import { readAt } from './segments.ts';

const BLOCK_BYTES = 64 * 1024;
const LINE_BYTES = 2 * 1024;
const LINE_END = 0x0a;

/**
 * Reads lines, the last first; what is torn or damaged is passed over.
 * @param isWanted true for the lines up to some place of the segment and false for those after it, so that
 *   the place is found by halving.
 * @throws errors of the file system.
 */
export async function* readBackwards(
  path: string,
  isWanted: (line: LineBase) => boolean,
): AsyncGenerator<LineBase> {
  const file = await open(path);
  try {
    let end = await findEnd(file, isWanted);
    /** Lines that are read, the last of them at the end; before them stands the rest of one. */
    let rest: Buffer = Buffer.alloc(0);
    while (end > 0) {
      const start = Math.max(0, end - BLOCK_BYTES);
      const bytes = Buffer.concat([await readAt(file, start, end), rest]);
      const first = start === 0 ? 0 : bytes.indexOf(LINE_END) + 1;
      yield* linesBackwards(bytes, start > 0 && first === 0 ? bytes.length : first);
      rest = first === 0 ? bytes : bytes.subarray(0, first);
      if (rest.length > MAX_LINE_BYTES + BLOCK_BYTES) return;
      end = start;
    }
  } finally {
    await file.close();
  }
}

function* linesBackwards(bytes: Buffer, first: number): Generator<LineBase> {
  let end = bytes.length;
  while (end > first) {
    // The line end of this line is the byte before `end`.
    const begin = end < 2 ? 0 : bytes.lastIndexOf(LINE_END, end - 2) + 1;
    const line = parseLine(bytes.toString('utf8', Math.max(begin, first), end - 1));
    if (line !== undefined) yield line;
    end = Math.max(begin, first);
  }
}

/** Where the lines end that are wanted: behind a line end, or at 0. */
async function findEnd(file: FileHandle, isWanted: (line: LineBase) => boolean): Promise<number> {
  const { size } = await file.stat();
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const found = await lineFrom(file, middle, size);
    if (found !== undefined && found.start < high && isWanted(found.line)) low = found.next;
    else high = middle;
  }
  return low;
}

/** The first whole line that begins at `offset` or after it. */
async function lineFrom(
  file: FileHandle,
  offset: number,
  size: number,
): Promise<{ start: number; next: number; line: LineBase } | undefined> {
  const from = Math.max(0, offset - 1);
  // At most the rest of one line and a whole one.
  for (let length = LINE_BYTES; length < 8 * MAX_LINE_BYTES; length *= 4) {
    const bytes = await readAt(file, from, Math.min(size, from + length));
    const start = offset === 0 ? 0 : bytes.indexOf(LINE_END) + 1;
    const end = offset > 0 && start === 0 ? -1 : bytes.indexOf(LINE_END, start);
    if (end >= 0) {
      const line = parseLine(bytes.toString('utf8', start, end));
      return line && { start: from + start, next: from + end + 1, line };
    }
  }
  return undefined;
}

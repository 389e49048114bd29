/** Sorted runs of lines, and all of them as one sorted whole. Lines are `latin1` text: a byte a character. */
import { readPiece, type Piece, type Scratch, type ScratchWriter, writePieces } from './scratch.ts';

/** A run: its pieces, each whole lines. */
export type Run = Piece[];

/** @param lines sorted, without line feeds. */
export function writeRun(write: ScratchWriter, lines: Iterable<string>): Run {
  return writePieces(
    write,
    mapped(lines, (line) => `${line}\n`),
  );
}

/** Each of them made another. */
export function* mapped(
  lines: Iterable<string>,
  make: (line: string) => string,
): Generator<string> {
  for (const line of lines) yield make(line);
}

/** The lines of all runs in order; a piece of each run is in memory. */
export function* mergeRuns(scratch: Scratch, runs: readonly Run[]): Generator<string> {
  const heads = runs
    .map((run) => linesOf(scratch, run))
    .flatMap(advance)
    .toSorted((one, other) => (one.line < other.line ? -1 : 1));
  for (let first = heads.shift(); first !== undefined; first = heads.shift()) {
    yield first.line;
    for (const next of advance(first.rest)) heads.splice(placeOf(heads, next.line), 0, next);
  }
}

interface Head {
  line: string;
  rest: Iterator<string>;
}

/** The next line with what follows it; nothing at the end. */
function advance(rest: Iterator<string>): Head[] {
  const next = rest.next();
  return next.done === true ? [] : [{ line: next.value, rest }];
}

/** Where among the sorted heads a line belongs. */
function placeOf(heads: readonly Head[], line: string): number {
  let low = 0;
  let high = heads.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((heads[middle]?.line ?? '') < line) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The lines of all runs, one run after another. */
export function* linesOfAll(scratch: Scratch, runs: readonly Run[]): Generator<string> {
  for (const run of runs) yield* linesOf(scratch, run);
}

function* linesOf(scratch: Scratch, run: Run): Generator<string> {
  for (const piece of run) {
    const lines = readPiece(scratch, piece).toString('latin1');
    for (let at = 0; at < lines.length;) {
      const end = lines.indexOf('\n', at);
      yield lines.slice(at, end);
      at = end + 1;
    }
  }
}

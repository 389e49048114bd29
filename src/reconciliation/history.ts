/**
 * Since when breaks are there: those of earlier checks, gone through beside those of now. Runs where the check does.
 *
 * A break is its position: it goes on being the same one when its amounts or its kind change. Every side comes sorted
 * by position, so nothing is held in memory.
 */
import type { SealedFile } from '../reports/spool/frames.ts';
import { readFrames } from '../reports/spool/frames.ts';
import { inflateLines } from '../reports/spool/zstd.ts';
import { POSITION_FIELDS, SEPARATOR } from './positions.ts';
import { mapped, mergeRuns, type Run, writeRun } from './runs.ts';
import type { Room } from './sides.ts';

/** An earlier check. */
export interface Earlier {
  /** `YYYYMMDD`. */
  processDate: string;
  /** Its breaks as they are kept. */
  breaks: SealedFile;
}

/** A line, and the day since when its position is among the breaks: undefined when it was not before. */
export type Dated = [line: string, since: string | undefined];

/**
 * @param history the first one's own word counts, and is carried on through the others; in order.
 * @returns a line for each break of the last of them: the position, then the day since when it is there.
 * @throws SpoolDamagedError, StorageFullError.
 */
export async function breaksBefore(room: Room, history: readonly Earlier[]): Promise<Run> {
  let carried: Run = [];
  for (const [at, { processDate, breaks }] of history.entries()) {
    const own = await breakDates(room, breaks);
    if (at === 0) {
      carried = own;
      continue;
    }
    const lines = mapped(mergeRuns(room.scratch, [own]), positionOf);
    const dated = datedBy(lines, (line) => line, mergeRuns(room.scratch, [carried]));
    carried = writeRun(room.write, withDates(dated, processDate));
  }
  return carried;
}

/**
 * Each line with the day since when its position was there.
 * @param toPosition the position of a line: lines are sorted by it.
 * @param before as `breaksBefore` gives it. @param onGone told of each position that is there no more.
 */
export function* datedBy(
  lines: Iterable<string>,
  toPosition: (line: string) => string,
  before: Iterator<string>,
  onGone: () => void = () => undefined,
): Generator<Dated> {
  const earlier = createCursor(before);
  for (const line of lines) {
    const position = toPosition(line);
    while (earlier.position !== undefined && earlier.position < position) {
      onGone();
      earlier.advance();
    }
    if (earlier.position !== position) {
      yield [line, undefined];
      continue;
    }
    yield [line, earlier.since];
    earlier.advance();
  }
  for (; earlier.position !== undefined; earlier.advance()) onGone();
}

/** Where a pass over `breaksBefore` stands; without a position at its end. */
function createCursor(lines: Iterator<string>) {
  const cursor = { position: undefined as string | undefined, since: '', advance };
  function advance(): void {
    const next = lines.next();
    const dated = next.done === true ? undefined : next.value;
    cursor.position = dated && positionOf(dated);
    cursor.since = dated?.slice((cursor.position?.length ?? 0) + 1) ?? '';
  }
  advance();
  return cursor;
}

function* withDates(dated: Iterable<Dated>, processDate: string): Generator<string> {
  for (const [position, since] of dated) yield `${position}${SEPARATOR}${since ?? processDate}`;
}

/** What a kept check says of each of its breaks. */
async function breakDates({ write }: Room, { path, key, context }: SealedFile): Promise<Run> {
  const run: Run = [];
  for await (const piece of inflateLines(readFrames(path, key, context))) {
    const lines = piece.toString('latin1').split('\n').slice(0, -1);
    run.push(...writeRun(write, mapped(lines, dateLine)));
  }
  return run;
}

/** What stands before each value of a position, in the order of the fields. */
const BEFORE_VALUES = POSITION_FIELDS.map((name) => `,"${name}":"`);
const BEFORE_DATE = '"firstSeen":"';

/**
 * Cut from the document as it stands, for there may be a million: a value is the same bytes wherever it is written.
 * @param document `latin1`, as `breakDocuments` makes it.
 */
function dateLine(document: string): string {
  let line = '';
  let at = document.indexOf(',');
  for (const before of BEFORE_VALUES) {
    if (document.startsWith(before, at)) {
      const start = at + before.length;
      const end = endOfText(document, start);
      line += document.slice(start, end);
      at = end + 1;
    }
    line += SEPARATOR;
  }
  const date = document.indexOf(BEFORE_DATE, at) + BEFORE_DATE.length;
  return line + document.slice(date, date + 8);
}

/** The next quote that is not escaped. */
function endOfText(document: string, start: number): number {
  let end = document.indexOf('"', start);
  while (isEscaped(document, end, start)) end = document.indexOf('"', end + 1);
  return end;
}

function isEscaped(document: string, at: number, start: number): boolean {
  let backslashes = 0;
  while (at - backslashes > start && document[at - backslashes - 1] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

/** @param dated a line as `dateLine` makes it. */
function positionOf(dated: string): string {
  return dated.slice(0, dated.lastIndexOf(SEPARATOR));
}

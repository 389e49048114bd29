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
  let next = before.next();
  for (const line of lines) {
    const position = toPosition(line);
    while (next.done !== true && positionOf(next.value) < position) {
      onGone();
      next = before.next();
    }
    if (next.done === true || positionOf(next.value) !== position) {
      yield [line, undefined];
      continue;
    }
    yield [line, next.value.slice(position.length + 1)];
    next = before.next();
  }
  for (; next.done !== true; next = before.next()) onGone();
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

/** @param document `latin1`: what JSON escapes is ASCII, so it is read and written as any text. */
function dateLine(document: string): string {
  const values = JSON.parse(document) as Record<string, string>;
  const position = POSITION_FIELDS.map((name) => JSON.stringify(values[name] ?? '').slice(1, -1));
  return [...position, values['firstSeen']].join(SEPARATOR);
}

/** @param dated a line as `dateLine` makes it. */
function positionOf(dated: string): string {
  return dated.slice(0, dated.lastIndexOf(SEPARATOR));
}

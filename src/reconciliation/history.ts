/**
 * Since when breaks are there: those of earlier checks, gone through beside those of now. Runs where the check does.
 *
 * A break is its position: it goes on being the same one when its amounts or its kind change. Every side comes sorted
 * by position, so nothing is held in memory.
 */
import { readFrames, type SealedFile } from '../reports/spool/frames.ts';
import { inflateLines } from '../reports/spool/zstd.ts';
import { type Beside, createBeside } from './beside.ts';
import { createPieceWriter } from './piece-writer.ts';
import { POSITION_FIELDS, SEPARATOR } from './positions.ts';
import { type Lines, linesOf, type Run } from './runs.ts';
import type { Room } from './sides.ts';

/** An earlier check. */
export interface Earlier {
  /** `YYYYMMDD`. */
  processDate: string;
  /** Its breaks as they are kept. */
  breaks: SealedFile;
}

/** `YYYYMMDD`, behind a position and a separator. */
const DATE_CHARACTERS = 8;

/**
 * @param history the first one's own word counts, and is carried on through the others; in order.
 * @returns a line for each break of the last of them: the position, then the day since when it is there.
 * @throws SpoolDamagedError, StorageFullError.
 */
export async function breaksBefore(room: Room, history: readonly Earlier[]): Promise<Run> {
  let carried: Run = [];
  for (const [at, { processDate, breaks }] of history.entries()) {
    const own = await breakDates(room, breaks);
    carried = at === 0 ? own : carriedOn(room, own, carried, processDate);
  }
  return carried;
}

/** @param before as `breaksBefore` gives it. @param onGone told of each position of it that is not asked for. */
export function datesBeside(before: Lines, onGone?: () => void): Beside {
  return createBeside(before, positionEnd, onGone);
}

/** @param dated a line of `breaksBefore`. */
export function dateOf({ bytes, end }: Lines): string {
  return bytes.toString('latin1', end - DATE_CHARACTERS, end);
}

function positionEnd({ end }: Lines): number {
  return end - DATE_CHARACTERS - 1;
}

/** Those of a check, each since the day that was carried up to it, or since its own. */
function carriedOn({ scratch, write }: Room, own: Run, carried: Run, processDate: string): Run {
  const run: Run = [];
  const writer = createPieceWriter((piece) => run.push(write(piece)));
  const before = datesBeside(linesOf(scratch, [carried]));
  for (const lines = linesOf(scratch, [own]); lines.next();) {
    const end = positionEnd(lines);
    const isKnown = before.find(lines.bytes, lines.start, end);
    writer.put(lines.view, lines.start, end + 1);
    writer.putText(isKnown ? dateOf(before.lines) : processDate).endLine();
  }
  writer.finish();
  return run;
}

/** What a kept check says of each of its breaks. */
async function breakDates({ write }: Room, { path, key, context }: SealedFile): Promise<Run> {
  const run: Run = [];
  const writer = createPieceWriter((piece) => run.push(write(piece)));
  for await (const piece of inflateLines(readFrames(path, key, context), true)) {
    const lines = piece.toString('latin1').split('\n').slice(0, -1);
    for (const line of lines) writer.putText(dateLine(line)).endLine();
  }
  writer.finish();
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
  return line + document.slice(date, date + DATE_CHARACTERS);
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

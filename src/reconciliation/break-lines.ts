/** Breaks as lines of NDJSON, each with its cause and the day since when it is there. Runs where the check does. */
import { daysBetween } from '../lib/dates.ts';
import { createBeside } from './beside.ts';
import { dateOf, datesBeside } from './history.ts';
import { type Cells, createCells, DIFFERENCE, FIRST_AMOUNT, SECOND_AMOUNT } from './line-cells.ts';
import { createPieceWriter, part } from './piece-writer.ts';
import { POSITION_FIELDS } from './positions.ts';
import { type Lines, mergeRuns, type Run } from './runs.ts';
import type { Scratch } from './scratch.ts';

const OPENINGS = {
  'only-at-mks': part('{"break":"only-at-mks"'),
  'only-in-ledger': part('{"break":"only-in-ledger"'),
  different: part('{"break":"different"'),
};
const BEFORE_LEDGER = part(',"ledger":"');
const BEFORE_MKS = part(',"mks":"');
const BEFORE_DIFFERENCE = part(',"difference":"');
const BEFORE_CAUSE = part(',"cause":"');
const QUOTE = part('"');
const UNKNOWN_ACCOUNT = part(',"cause":"unknown-account"');
const END = part('}');

/** All that is said of breaks; all sorted by position. */
export interface BreaksFound {
  /** As `compareShelves` gives them. */
  breaks: readonly Run[];
  /** As `causesOf` gives them. */
  caused: readonly Run[];
  /** Accounts that one side alone has. */
  lone: readonly Run[];
  /** As `breaksBefore` gives it; without it nothing is said of earlier checks. */
  before?: Run;
}

/** What has changed since the check before; counted while the lines are read. */
export interface BreakChanges {
  /** Breaks that it did not have. */
  new: number;
  /** Those of it that are gone. */
  closed: number;
}

/**
 * @param compared fields of the position by which both sides were compared.
 * @param processDate of the rows, `YYYYMMDD`.
 * @param changes what is counted.
 * @returns pieces of whole lines, each lent until the next one is asked for.
 */
export function* breakPieces(
  scratch: Scratch,
  found: BreaksFound,
  compared: readonly string[],
  processDate: string,
  changes: BreakChanges,
): Generator<Buffer> {
  const lines = mergeRuns(scratch, found.breaks);
  const cells = createCells();
  const caused = createBeside(mergeRuns(scratch, found.caused), positionEnd());
  const lone = createBeside(mergeRuns(scratch, found.lone), ({ end }) => end);
  const before =
    found.before && datesBeside(mergeRuns(scratch, [found.before]), () => (changes.closed += 1));
  const sinceText = createSinceTexts(processDate);
  const fields = POSITION_FIELDS.flatMap((name, cell) =>
    compared.includes(name) ? [{ cell, before: part(`,"${name}":"`) }] : [],
  );
  let full: Buffer | undefined;
  const writer = createPieceWriter((piece) => (full = piece));

  function put(opening: DataView, cell: number): void {
    writer.put(opening).put(lines.view, cells.starts[cell], cells.ends[cell]).put(QUOTE);
  }
  function putSince(): void {
    if (before === undefined) return;
    const isOld = before.find(lines.bytes, lines.start, lastOfPosition(cells));
    if (!isOld) changes.new += 1;
    writer.put(sinceText(isOld ? dateOf(before.lines) : processDate));
  }
  function putCause(): void {
    if (caused.find(lines.bytes, lines.start, lastOfPosition(cells))) {
      // Its line is that of the break, a separator and the cause.
      const start = caused.lines.start + lines.end - lines.start + 1;
      writer.put(BEFORE_CAUSE).put(caused.lines.view, start, caused.lines.end).put(QUOTE);
    } else if (lone.find(lines.bytes, lines.start, cells.ends[0] as number)) {
      writer.put(UNKNOWN_ACCOUNT);
    }
  }

  while (lines.next()) {
    cells.find(lines);
    const [isAtMks, isInLedger] = [!cells.isEmpty(SECOND_AMOUNT), !cells.isEmpty(FIRST_AMOUNT)];
    writer.put(OPENINGS[!isInLedger ? 'only-at-mks' : !isAtMks ? 'only-in-ledger' : 'different']);
    for (const field of fields) put(field.before, field.cell);
    if (isInLedger) put(BEFORE_LEDGER, FIRST_AMOUNT);
    if (isAtMks) put(BEFORE_MKS, SECOND_AMOUNT);
    put(BEFORE_DIFFERENCE, DIFFERENCE);
    putSince();
    putCause();
    writer.put(END).endLine();
    if (full === undefined) continue;
    yield full;
    full = undefined;
  }
  before?.finish();
  writer.finish();
  if (full !== undefined) yield full;
}

/** Where the position of a line ends. */
function positionEnd(): (lines: Lines) => number {
  const cells = createCells();
  return (lines) => {
    cells.find(lines);
    return lastOfPosition(cells);
  };
}

function lastOfPosition({ ends }: Cells): number {
  return ends[POSITION_FIELDS.length - 1] as number;
}

/** What is said of a day since when a break is there; few days are many breaks'. */
function createSinceTexts(processDate: string): (firstSeen: string) => DataView {
  const known = new Map<string, DataView>();
  return (firstSeen) => {
    const text =
      known.get(firstSeen) ??
      part(`,"firstSeen":"${firstSeen}","ageDays":${daysBetween(firstSeen, processDate)}`);
    known.set(firstSeen, text);
    return text;
  };
}

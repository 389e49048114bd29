/** Breaks as lines of NDJSON, with the day since when each is there. Runs where the check does. */
import { daysBetween } from '../lib/dates.ts';
import { decimalText, subtract } from '../lib/decimal.ts';
import type { SealedFile } from '../reports/spool/frames.ts';
import { createRowWriter } from '../reports/spool/row-writer.ts';
import { breaksBefore, datedBy, type Earlier } from './history.ts';
import { POSITION_FIELDS, SEPARATOR } from './positions.ts';
import { mapped, mergeRuns } from './runs.ts';
import { amountOf, type Room } from './sides.ts';

/** What has changed since the check before; counted while the lines are read. */
export interface BreakChanges {
  /** Breaks that it did not have. */
  new: number;
  /** Those of it that are gone. */
  closed: number;
}

/**
 * @param breaks as `withCauses` gives them.
 * @param compared fields of the position by which both sides were compared.
 * @param of the day, and the checks before it; without it nothing is said of either.
 * @throws SpoolDamagedError, StorageFullError.
 */
export async function breakDocuments(
  room: Room,
  breaks: Iterable<string>,
  compared: readonly string[],
  of?: { processDate: string; history: readonly Earlier[] },
): Promise<{ lines: Iterable<string>; changes: BreakChanges }> {
  const changes = { new: 0, closed: 0 };
  if (of === undefined) {
    return { lines: mapped(breaks, (line) => breakDocument(line, compared)), changes };
  }
  const { processDate, history } = of;
  const before = mergeRuns(room.scratch, [await breaksBefore(room, history)]);
  const dated = datedBy(breaks, positionOf, before, () => (changes.closed += 1));

  function* lines(): Generator<string> {
    for (const [line, since] of dated) {
      if (since === undefined) changes.new += 1;
      const firstSeen = since ?? processDate;
      yield breakDocument(line, compared, {
        firstSeen,
        ageDays: daysBetween(firstSeen, processDate),
      });
    }
  }
  return { lines: lines(), changes };
}

/** Writes the lines to a sealed file. @returns their SHA-256, hex. @throws StorageFullError. */
export async function keepBreaks(lines: Iterable<Buffer>, file: SealedFile): Promise<string> {
  const writer = await createRowWriter(file);
  try {
    for (const piece of lines) await writer.write(piece);
    return await writer.finish();
  } catch (error) {
    await writer.abandon();
    throw error;
  }
}

/** Three values come after the position: both amounts and the cause. */
function positionOf(line: string): string {
  let end = line.length;
  for (let values = 0; values < 3; values++) end = line.lastIndexOf(SEPARATOR, end - 1);
  return line.slice(0, end);
}

/** @param line `latin1`, as is what is returned: the values are the inside of JSON strings already. */
function breakDocument(
  line: string,
  compared: readonly string[],
  seen?: { firstSeen: string; ageDays: number },
): string {
  const values = line.split(SEPARATOR);
  const [ledger = '', mks = '', cause = ''] = values.slice(-3);
  const kind = ledger === '' ? 'only-at-mks' : mks === '' ? 'only-in-ledger' : 'different';
  const difference = decimalText(subtract(amountOf(ledger), amountOf(mks)));
  const position = POSITION_FIELDS.map((name, index) =>
    compared.includes(name) ? `"${name}":"${values[index]}",` : '',
  ).join('');
  return (
    `{"break":"${kind}",${position}` +
    (ledger === '' ? '' : `"ledger":"${ledger}",`) +
    (mks === '' ? '' : `"mks":"${mks}",`) +
    `"difference":"${difference}"` +
    (seen === undefined ? '' : `,"firstSeen":"${seen.firstSeen}","ageDays":${seen.ageDays}`) +
    (cause === '' ? '' : `,"cause":"${cause}"`) +
    '}\n'
  );
}

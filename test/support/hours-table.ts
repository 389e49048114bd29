/** Service hours minute by minute, as processes in several time zones see them, beside a table made by hand. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ServiceWindows } from '../../src/mks/hours.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

export const windows: ServiceWindows = {
  1: { startMinute: 60, endMinute: 1380 },
  2: { startMinute: 510, endMinute: 1260 },
  3: { startMinute: 1320, endMinute: 240 },
  4: { startMinute: 0, endMinute: 1440 },
};

/** Whether each group is open in a minute of a day, 0 being a Monday: MKS 8 once more, in other words. */
const TABLE: ((day: number, minute: number) => boolean)[] = [
  (_, minute) => minute >= 60 && minute < 1380,
  (day, minute) => day % 7 < 5 && minute >= 510 && minute < 1260,
  (_, minute) => minute >= 1320 || minute < 240,
  () => true,
];

/** West and east of Istanbul, as far as there is one; the first and the second change to winter time. */
export const TIME_ZONES = ['Europe/Istanbul', 'America/Los_Angeles', 'Pacific/Kiritimati'];

/** For a minute: open or not, and the minutes until it opens and closes next. */
type Told = [open: boolean, opensIn: number | null, closesIn: number | null];

/**
 * Asks a process of each time zone about each minute of some days.
 * @param mondayMs midnight in Istanbul, of a Monday.
 * @returns what differs from the table, and of how many answers.
 */
export async function hoursBesideTable(
  mondayMs: number,
  days: number,
): Promise<{ wrong: string[]; answers: number }> {
  const minutes = days * DAY_MINUTES;
  const expected = TABLE.map((isOpen) => expectedOf(isOpen, minutes));
  const wrong: string[] = [];
  let answers = 0;
  for (const zone of TIME_ZONES) {
    const told = await toldIn(zone, mondayMs, minutes);
    for (const [group, list] of expected.entries()) {
      for (const [minute, each] of list.entries()) {
        answers += 1;
        const is = told[group]?.[minute];
        if (JSON.stringify(is) === JSON.stringify(each)) continue;
        wrong.push(
          `group ${group + 1}, minute ${minute} in ${zone}: ${String(is)} for ${String(each)}`,
        );
      }
    }
  }
  return { wrong, answers };
}

function expectedOf(isOpen: (typeof TABLE)[number], minutes: number): Told[] {
  // A weekend and a day more than is asked about: whatever closes has opened again by then.
  const open = Array.from({ length: minutes + 4 * DAY_MINUTES }, (_, minute) =>
    isOpen(Math.floor(minute / DAY_MINUTES), minute % DAY_MINUTES),
  );
  const told: Told[] = [];
  let opens: number | null = null;
  let closes: number | null = null;
  for (let minute = open.length - 2; minute >= 0; minute -= 1) {
    // A change at the next minute is the one that comes next.
    if (!open[minute] && open[minute + 1]) opens = minute + 1;
    if (open[minute] && !open[minute + 1]) closes = minute + 1;
    if (minute < minutes) {
      const until = (at: number | null): number | null => (at === null ? null : at - minute);
      told[minute] = [open[minute] ?? false, until(opens), until(closes)];
    }
  }
  return told;
}

async function toldIn(zone: string, mondayMs: number, minutes: number): Promise<Told[][]> {
  const program = `
    import { createServiceHours } from './src/mks/hours.ts';
    const hours = createServiceHours(${JSON.stringify(windows)}, { now: Date.now, elapsedMs: () => 0 });
    const until = (at, now) => at === undefined ? null : (at - now) / ${MINUTE_MS};
    const told = (group) => Array.from({ length: ${minutes} }, (_, minute) => {
      const now = ${mondayMs} + minute * ${MINUTE_MS};
      return [hours.isOpen(group, now), until(hours.opensAt(group, now), now), until(hours.closesAt(group, now), now)];
    });
    console.log(JSON.stringify([1, 2, 3, 4].map(told)));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module-typescript', '-e', program],
    {
      env: { ...process.env, TZ: zone },
      cwd: join(import.meta.dirname, '../..'),
      maxBuffer: 2 ** 28,
    },
  );
  return JSON.parse(stdout) as Told[][];
}

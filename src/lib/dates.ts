/**
 * Days and instants: Istanbul's wall clock, whatever the time zone of the process, and the calendar.
 *
 * Turkey has kept UTC+3 all year since September 2016, and what we print bears `+03:00`; a fixed
 * offset cannot be spoilt by a machine with an old or missing time-zone database.
 */

const OFFSET_MS = 3 * 60 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/** Wall milliseconds → `YYYY-MM-DDTHH:MM:SS.mmm+03:00` (RFC 3339). */
export function toIstanbulTimestamp(instantMs: number): string {
  return `${new Date(instantMs + OFFSET_MS).toISOString().slice(0, -1)}+03:00`;
}

/** The same for each that is known, by name; what is undefined is left out. */
export function istanbulTimestamps<Name extends string>(
  instants: Record<Name, number | undefined>,
): { [name in Name]?: string } {
  const known = Object.entries<number | undefined>(instants).flatMap(([name, instantMs]) =>
    instantMs === undefined ? [] : [[name, toIstanbulTimestamp(instantMs)]],
  );
  return Object.fromEntries(known) as { [name in Name]?: string };
}

/** The day that was asked for last: as a rule it is today, for every request. */
let last = { day: Number.NaN, text: '' };

/** Wall milliseconds → the date in Istanbul as `YYYYMMDD`, the form of MKS's `processDate`. */
export function toIstanbulDate(instantMs: number): string {
  const day = Math.floor((instantMs + OFFSET_MS) / DAY_MS);
  if (day !== last.day) {
    last = { day, text: new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '') };
  }
  return last.text;
}

/** Wall milliseconds → the instant of the midnight in Istanbul that began this day. */
export function istanbulMidnight(instantMs: number): number {
  return Math.floor((instantMs + OFFSET_MS) / DAY_MS) * DAY_MS - OFFSET_MS;
}

/** By their numbers, as `toIstanbulWeekday` gives them. */
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** Wall milliseconds → the day of the week in Istanbul, 0 = Sunday. */
export function toIstanbulWeekday(instantMs: number): number {
  return new Date(instantMs + OFFSET_MS).getUTCDay();
}

/** Whether `YYYY-MM-DD` or `YYYYMMDD` names a day of the Gregorian calendar. */
export function isCalendarDay(text: string): boolean {
  const found = /^(\d{4})(-?)(\d{2})\2(\d{2})$/.exec(text);
  if (found === null) return false;
  const year = Number(found[1]);
  const month = Number(found[3]);
  const day = Number(found[4]);
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = month === 2 && isLeap ? 29 : (MONTHS[month - 1] ?? 0);
  return day >= 1 && day <= length;
}

/** Their days, in a year of 365. */
const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** How many days lie between two days of the calendar, each `YYYYMMDD`: from a day to itself none. */
export function daysBetween(from: string, to: string): number {
  return (midnightOf(to) - midnightOf(from)) / DAY_MS;
}

function midnightOf(day: string): number {
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6)));
}

const INSTANT = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * An instant with its offset (RFC 3339 §5.6) → wall milliseconds.
 * @returns undefined when the text names no instant of the calendar.
 */
export function parseInstant(text: string): number | undefined {
  const upper = text.toUpperCase();
  const day = INSTANT.exec(upper)?.[1];
  const instantMs = Date.parse(upper);
  if (day === undefined || !isCalendarDay(day) || Number.isNaN(instantMs)) return undefined;
  return instantMs;
}

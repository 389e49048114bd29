/**
 * Days and instants: Istanbul's wall clock, whatever the time zone of the process, and the calendar.
 *
 * Turkey has kept UTC+3 all year since September 2016, and what we print bears `+03:00`; a fixed
 * offset cannot be spoilt by a machine with an old or missing time-zone database.
 */

const OFFSET_MS = 3 * 60 * 60 * 1000;

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

/** Wall milliseconds → the date in Istanbul as `YYYYMMDD`, the form of MKS's `processDate`. */
export function toIstanbulDate(instantMs: number): string {
  return new Date(instantMs + OFFSET_MS).toISOString().slice(0, 10).replaceAll('-', '');
}

/** Wall milliseconds → the instant of the midnight in Istanbul that began this day. */
export function istanbulMidnight(instantMs: number): number {
  const dayMs = 24 * 60 * 60 * 1000;
  return Math.floor((instantMs + OFFSET_MS) / dayMs) * dayMs - OFFSET_MS;
}

/** By their numbers, as `toIstanbulWeekday` gives them. */
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** Wall milliseconds → the day of the week in Istanbul, 0 = Sunday. */
export function toIstanbulWeekday(instantMs: number): number {
  return new Date(instantMs + OFFSET_MS).getUTCDay();
}

/** Whether `YYYY-MM-DD` or `YYYYMMDD` names a day of the calendar; `Date` takes 31 February for 3 March. */
export function isCalendarDay(text: string): boolean {
  const [isDay, year, month, day] =
    /^(\d{4})(-?)(\d{2})\2(\d{2})$/.exec(text)?.toSpliced(2, 1) ?? [];
  if (isDay === undefined) return false;
  const date = `${year}-${month}-${day}`;
  const midnight = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
}

/** How many days lie between two days of the calendar, each `YYYYMMDD`: from a day to itself none. */
export function daysBetween(from: string, to: string): number {
  return (midnightOf(to) - midnightOf(from)) / 86_400_000;
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

/** A range of time in a query: instants (RFC 3339) or days of Istanbul (`YYYYMMDD`). */
import { ProblemError, type Mistake } from '../problems.ts';

/** A `+` that was not encoded arrives as a space; it can mean nothing else here. */
const INSTANT =
  /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?:([Zz])|([+ -])(\d\d:\d\d))$/;
const DAY = /^(\d{4})(\d\d)(\d\d)$/;
const LAST_MOMENT = 'T23:59:59.999+03:00';

/**
 * Reads both ends, wall ms, included; a day begins at its midnight and ends with its last
 * millisecond.
 * @throws ProblemError `invalid-request` that names each end which cannot be read.
 */
export function readTimeRange(
  from: string | undefined,
  to: string | undefined,
): { from?: number; to?: number } {
  const range = {
    ...(from !== undefined && { from: instantOf(from, 'T00:00:00.000+03:00') }),
    ...(to !== undefined && { to: instantOf(to, LAST_MOMENT) }),
  };
  const errors = Object.entries(range).flatMap(([path, instant]): Mistake[] =>
    Number.isNaN(instant)
      ? [
          {
            path,
            message: {
              en: 'must be an RFC 3339 time with its offset, or YYYYMMDD',
              tr: 'saat farkıyla birlikte RFC 3339 zamanı ya da YYYYAAGG olmalı',
            },
          },
        ]
      : [],
  );
  if (errors.length > 0) throw new ProblemError('invalid-request', { members: { errors } });
  return range;
}

/** NaN when it is neither, or no moment of the calendar. */
function instantOf(text: string, momentOfDay: string): number {
  const [isDay, year, month, day] = DAY.exec(text) ?? [];
  if (isDay !== undefined) return onCalendar(`${year}-${month}-${day}`, momentOfDay);
  const [isInstant, date = '', time = '', zulu, sign, offset] = INSTANT.exec(text) ?? [];
  if (isInstant === undefined) return NaN;
  const zone = zulu === undefined ? `${sign === '-' ? '-' : '+'}${offset}` : 'Z';
  return onCalendar(date, `T${time}${zone}`);
}

/** `Date.parse` takes 31 February for 3 March. */
function onCalendar(date: string, rest: string): number {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const isReal = !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(date);
  return isReal ? Date.parse(date + rest) : NaN;
}

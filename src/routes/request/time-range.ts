/** A range of time in a query: instants (RFC 3339) or days of Istanbul (`YYYYMMDD`). */
import { isCalendarDay, parseInstant } from '../../lib/dates.ts';
import { defined } from '../../lib/defined.ts';
import { ProblemError, type Mistake } from '../../problems.ts';

const FIRST_MOMENT = 'T00:00:00.000+03:00';
const LAST_MOMENT = 'T23:59:59.999+03:00';

/** Wall ms, both included. */
export interface TimeRange {
  from?: number;
  to?: number;
}

/**
 * Reads both ends; a day begins at its midnight and ends with its last millisecond.
 * @throws ProblemError `invalid-request` that names each end which cannot be read.
 */
export function readTimeRange(from: string | undefined, to: string | undefined): TimeRange {
  const errors: Mistake[] = [];
  const read = (path: string, text: string | undefined, moment: string): number | undefined => {
    if (text === undefined) return undefined;
    const instant = instantOf(text, moment);
    if (instant === undefined) errors.push({ path, message: MISTAKE });
    return instant;
  };
  const range = { from: read('from', from, FIRST_MOMENT), to: read('to', to, LAST_MOMENT) };
  if (errors.length > 0) throw new ProblemError('invalid-request', { extensions: { errors } });
  return defined(range);
}

const MISTAKE = {
  en: 'must be an RFC 3339 time with its offset, or YYYYMMDD',
  tr: 'saat farkıyla birlikte RFC 3339 zamanı ya da YYYYAAGG olmalı',
};

/** @param momentOfDay the time that a mere day stands for. */
function instantOf(text: string, momentOfDay: string): number | undefined {
  const [isDay, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? [];
  if (isDay !== undefined) {
    return isCalendarDay(text) ? parseInstant(`${year}-${month}-${day}${momentOfDay}`) : undefined;
  }
  // A `+` that was not encoded arrives as a space; RFC 3339 lets a space stand for the T as well.
  return parseInstant(text.replace(/ (\d\d:\d\d)$/, '+$1').replace(' ', 'T'));
}

/**
 * Istanbul's wall clock, whatever the time zone of the process.
 *
 * Turkey has kept UTC+3 all year since September 2016, and what we print bears `+03:00`; a fixed
 * offset cannot be spoilt by a machine with an old or missing time-zone database.
 */

const OFFSET_MS = 3 * 60 * 60 * 1000;

/** Wall milliseconds → `YYYY-MM-DDTHH:MM:SS.mmm+03:00` (RFC 3339). */
export function toIstanbulTimestamp(instantMs: number): string {
  return `${new Date(instantMs + OFFSET_MS).toISOString().slice(0, -1)}+03:00`;
}

/** Wall milliseconds → the date in Istanbul as `YYYYMMDD`, the form of MKS's `processDate`. */
export function toIstanbulDate(instantMs: number): string {
  return new Date(instantMs + OFFSET_MS).toISOString().slice(0, 10).replaceAll('-', '');
}

/** Wall milliseconds → minutes since midnight in Istanbul, 0 to 1439. */
export function toIstanbulMinute(instantMs: number): number {
  const shifted = new Date(instantMs + OFFSET_MS);
  return shifted.getUTCHours() * 60 + shifted.getUTCMinutes();
}

/** Wall milliseconds → the instant of the midnight in Istanbul that began this day. */
export function istanbulMidnight(instantMs: number): number {
  const dayMs = 24 * 60 * 60 * 1000;
  return Math.floor((instantMs + OFFSET_MS) / dayMs) * dayMs - OFFSET_MS;
}

/** Wall milliseconds → the day of the week in Istanbul, 0 = Sunday. */
export function toIstanbulWeekday(instantMs: number): number {
  return new Date(instantMs + OFFSET_MS).getUTCDay();
}

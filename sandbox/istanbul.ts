/** Istanbul's wall time, in which MKS dates its answers, names its files and keeps its hours (UTC+3 all year). */

const OFFSET_MS = 3 * 60 * 60 * 1000;

function digits(nowMs: number): string {
  return new Date(nowMs + OFFSET_MS).toISOString().replaceAll(/[-:T]/g, '');
}

/** Milliseconds since the epoch → `2023-07-31T10:24:22+03:00`, as in the login's `Created`. */
export function istanbulTime(nowMs: number): string {
  return `${new Date(nowMs + OFFSET_MS).toISOString().slice(0, 19)}+03:00`;
}

/** Milliseconds since the epoch → `YYYYMMDD`, as in `processDate`. */
export function istanbulDay(nowMs: number): string {
  return digits(nowMs).slice(0, 8);
}

/** Milliseconds since the epoch → `YYYYMMDDHHMMSS`, as in the names of report files. */
export function istanbulStamp(nowMs: number): string {
  return digits(nowMs).slice(0, 14);
}

/** Milliseconds since the epoch → minutes since midnight, 0 to 1439. */
export function istanbulMinute(nowMs: number): number {
  const time = new Date(nowMs + OFFSET_MS);
  return time.getUTCHours() * 60 + time.getUTCMinutes();
}

/** `HH:MM` → minutes since midnight. @throws RangeError */
export function minuteOfDay(text: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hours === undefined) throw new RangeError(`not a time of day (HH:MM): ${text}`);
  return Number(hours) * 60 + Number(minutes);
}

/** Minutes since midnight → `HH:MM`. */
export function timeOfDay(minute: number): string {
  return [Math.floor(minute / 60), minute % 60]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

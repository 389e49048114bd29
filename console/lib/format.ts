/** Days, times, amounts and counts, as the reader's language writes them. */
import { language, t } from './language.ts';

const ISTANBUL = 'Europe/Istanbul';
const LOCALES = { en: 'en-GB', tr: 'tr-TR' } as const;

/** `20250505` → `5 May 2025`. */
export function dayText(processDate: string): string {
  const instant = Date.parse(isoDay(processDate));
  if (Number.isNaN(instant)) return processDate;
  return dates({ dateStyle: 'medium', timeZone: 'UTC' }).format(instant);
}

/** `20250505` → `2025-05-05`, as a field for dates wants it. */
export function isoDay(processDate: string): string {
  return processDate.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
}

/** Of today: the time alone; else with its day. In Istanbul, wherever the reader is. */
export function timeText(timestamp: string | number): string {
  const instant = new Date(timestamp);
  const isToday = istanbulDay(instant.getTime()) === istanbulDay(Date.now());
  const style = isToday
    ? ({ timeStyle: 'medium' } as const)
    : ({ dateStyle: 'medium', timeStyle: 'short' } as const);
  return dates({ ...style, timeZone: ISTANBUL }).format(instant);
}

/** `14:00`: the hour that an instant is in, in Istanbul. */
export function hourText(instantMs: number): string {
  return dates({ hour: '2-digit', minute: '2-digit', timeZone: ISTANBUL }).format(instantMs);
}

/** The day in Istanbul as `YYYYMMDD`. */
export function istanbulDay(instantMs: number): string {
  // The Swedish way to write a day is ISO's.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: ISTANBUL })
    .format(instantMs)
    .replaceAll('-', '');
}

/** The last weekday before a day, both as `YYYYMMDD`: of weekends there are no balances of their own. */
export function weekdayBefore(processDate: string): string {
  const day = new Date(isoDay(processDate));
  do day.setUTCDate(day.getUTCDate() - 1);
  while (day.getUTCDay() === 0 || day.getUTCDay() === 6);
  return day.toISOString().slice(0, 10).replaceAll('-', '');
}

/** `95_000` → `1 min 35 s`. */
export function durationText(durationMs: number): string {
  if (durationMs < 1_000) return `${Math.max(0, Math.round(durationMs))} ms`;
  const seconds = Math.round(durationMs / 1000);
  const [hour, minute, second] = [
    t({ en: 'h', tr: 'sa' }),
    t({ en: 'min', tr: 'dk' }),
    t({ en: 's', tr: 'sn' }),
  ];
  if (seconds < 60) return `${seconds} ${second}`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} ${minute} ${seconds % 60} ${second}`;
  return `${Math.floor(minutes / 60)} ${hour} ${minutes % 60} ${minute}`;
}

/** As a watch shows it: whole seconds, from 0. */
export function elapsedText(elapsedMs: number): string {
  const seconds = Math.max(0, Math.floor(elapsedMs / 1000));
  return seconds === 0 ? `0 ${t({ en: 's', tr: 'sn' })}` : durationText(seconds * 1000);
}

export function countText(count: number): string {
  return new Intl.NumberFormat(LOCALES[language.value]).format(count);
}

/** Every digit as it came, with the reader's decimal sign and thousands set apart. */
export function amountText(amount: string): string {
  const [, sign = '', whole = '', fraction] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount) ?? [];
  if (whole === '') return amount;
  const [group, point] = language.value === 'tr' ? ['.', ','] : [',', '.'];
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, group);
  return `${sign === '' ? '' : '−'}${grouped}${fraction === undefined ? '' : point + fraction}`;
}

const made = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes longer than a table's worth of formatting. */
function dates(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const name = language.value + JSON.stringify(options);
  const known = made.get(name);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat(LOCALES[language.value], options);
  made.set(name, format);
  return format;
}

/** What a schema cannot say of a date: that the day exists and has begun. */
import { toIstanbulDate } from '../lib/istanbul.ts';
import type { Localised } from '../problems.ts';

/**
 * The mistake of a date that matches MKS's pattern, if it has one.
 *
 * @param processDate `YYYYMMDD`.
 * @param now wall ms; the day of today is Istanbul's.
 */
export function dateMistake(processDate: string, now: number): Localised | undefined {
  const day = new Date(
    Date.UTC(
      Number(processDate.slice(0, 4)),
      Number(processDate.slice(4, 6)) - 1,
      Number(processDate.slice(6, 8)),
    ),
  );
  if (day.toISOString().slice(0, 10).replaceAll('-', '') !== processDate) {
    return { en: 'is not a day of the calendar', tr: 'takvimde olmayan bir gün' };
  }
  const today = toIstanbulDate(now);
  if (processDate > today) {
    return {
      en: `is in the future: in Istanbul it is ${today}`,
      tr: `gelecekte: İstanbul'da bugün ${today}`,
    };
  }
  return undefined;
}

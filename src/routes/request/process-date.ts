/** What a schema cannot say of a date: that the day exists and has begun. */
import { isCalendarDay, toIstanbulDate } from '../../lib/dates.ts';
import type { Localised } from '../../lib/localised.ts';
import { DAY_IN_WORDS } from '../../problems/form-words.ts';

/**
 * The mistake of a date that matches MKS's pattern, if it has one.
 *
 * @param processDate `YYYYMMDD`.
 * @param now wall ms; the day of today is Istanbul's.
 */
export function dateMistake(processDate: string, now: number): Localised | undefined {
  if (!isCalendarDay(processDate)) return DAY_IN_WORDS;
  const today = toIstanbulDate(now);
  if (processDate > today) {
    return {
      en: `is in the future: in Istanbul it is ${today}`,
      tr: `gelecekte: İstanbul'da bugün ${today}`,
    };
  }
  return undefined;
}

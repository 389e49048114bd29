/** What comes again and again is news once a day: the days are Istanbul's. */
import type { Clock } from './clock.ts';
import { toIstanbulDate } from './dates.ts';

/** More than this in one day is remembered no longer, and so told each time. */
const REMEMBERED_MAX = 1_000;

/** Whether this has not been asked for today yet. */
export type IsNewsToday = (what: string) => boolean;

export function createOnceADay(clock: Pick<Clock, 'now'>): IsNewsToday {
  const told = new Set<string>();
  let day = '';
  return (what) => {
    const today = toIstanbulDate(clock.now());
    if (today !== day) told.clear();
    day = today;
    if (told.has(what)) return false;
    if (told.size < REMEMBERED_MAX) told.add(what);
    return true;
  };
}

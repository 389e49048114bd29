/** Which days an order is due for, read from the clock alone: what was missed is still due. */
import type { StandingOrder } from '../config/orders.ts';
import { istanbulMidnight, toIstanbulDate, toIstanbulWeekday } from '../lib/dates.ts';

/** One day's run of an order. Times are wall milliseconds. */
export interface OrderRun {
  /** Of the balances, `YYYYMMDD`. */
  processDate: string;
  dueAt: number;
  /** Not ready by then is late. */
  lateAt: number;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const WEEK_DAYS = 7;

/** The runs that are due and not too far back to be made up for, the oldest first. */
export function dueRuns(order: StandingOrder, now: number): OrderRun[] {
  const today = istanbulMidnight(now);
  const runs: OrderRun[] = [];
  for (let back = order.catchUpDays; back >= 0; back -= 1) {
    const midnight = today - back * DAY_MS;
    if (!isRunDay(order, midnight)) continue;
    const run = runOf(order, midnight);
    if (run.dueAt <= now) runs.push(run);
  }
  return runs;
}

/** The dates of the runs that are due, and those that were asked for besides, the oldest first. */
export function datesOf(order: StandingOrder, wanted: readonly string[], now: number): string[] {
  const due = dueRuns(order, now).map(({ processDate }) => processDate);
  return [...new Set([...wanted, ...due])].toSorted();
}

/** When the order runs next, wall ms. */
export function nextRunAt(order: StandingOrder, now: number): number {
  const today = istanbulMidnight(now);
  for (let ahead = 0; ahead <= WEEK_DAYS; ahead += 1) {
    const midnight = today + ahead * DAY_MS;
    const { dueAt } = runOf(order, midnight);
    if (isRunDay(order, midnight) && dueAt > now) return dueAt;
  }
  throw new Error('an order without a day');
}

/** The run that fetches a date's balances, whether or not it is due by itself. */
export function runFor(order: StandingOrder, processDate: string): OrderRun {
  const day = `${processDate.slice(0, 4)}-${processDate.slice(4, 6)}-${processDate.slice(6)}`;
  const midnight = Date.parse(`${day}T00:00:00+03:00`);
  return runOf(order, order.date === 'today' ? midnight : midnight + DAY_MS);
}

/** @param midnight that began the day of the run. */
function runOf(order: StandingOrder, midnight: number): OrderRun {
  const dueAt = midnight + minutesOf(order.at) * MINUTE_MS;
  const late = midnight + minutesOf(order.lateAfter) * MINUTE_MS;
  return {
    processDate: toIstanbulDate(order.date === 'today' ? midnight : midnight - DAY_MS),
    dueAt,
    lateAt: late > dueAt ? late : late + DAY_MS,
  };
}

function isRunDay(order: StandingOrder, midnight: number): boolean {
  return order.days.includes(toIstanbulWeekday(midnight));
}

/** `HH:MM` → minutes since midnight. */
function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

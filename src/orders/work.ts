/** One go at an order: what its days need next, the oldest first, and the notices that are due. */
import type { Logger } from 'pino';
import type { StandingOrder } from '../config/orders.ts';
import { QUEUE_LIMIT } from '../lib/queue-limit.ts';
import type { Clock } from '../lib/clock.ts';
import type { Desk, Report } from '../reports/types.ts';
import { hasEnded } from '../reports/record.ts';
import { StateUnavailableError } from '../state/errors.ts';
import type { Act } from '../trail/index.ts';
import { DayTakenError, type DayWaitingFor, type OrderDay, type OrderDays } from './days.ts';
import { clientOf, deliver, type WriteDay } from './deliver.ts';
import { causeOf, wordOf } from './faults.ts';
import type { NoticeSender } from './notices.ts';
import { hasDueNotice, readyNotice, sendNotices } from './outbox.ts';
import { datesOf } from './runs.ts';

export interface OrderWorkDeps {
  days: OrderDays;
  desk: Pick<Desk, 'request' | 'get' | 'openRows' | 'waitForEnd'>;
  trail: { ready(): Promise<void>; record(...acts: readonly Act[]): Promise<void> };
  sender: NoticeSender;
  clock: Clock;
  log: Logger;
}

export interface OrderWork {
  /** Whether anything can be done of it now. */
  isDue(order: StandingOrder): Promise<boolean>;
  /**
   * Does what can be done now; what has to wait is found again by the next look.
   * @throws StateUnavailableError.
   */
  work(order: StandingOrder, signal: AbortSignal): Promise<void>;
}

const MINUTE_MS = 60_000;
/** Shorter than the time between two looks. */
const LINGER_MS = 1_500;
/** A folder or a trail that took nothing is tried again after it. */
const HELD_UP_MS = MINUTE_MS;
const FIRST_RETRY_MS = 10 * MINUTE_MS;
const LAST_RETRY_MS = 4 * 60 * MINUTE_MS;
/** Notices are sent for a day, and so longer than some days are made up for. */
const NOTICE_DAYS = 3;
const SHOWN_MS = 24 * 60 * MINUTE_MS;

export function createOrderWork(deps: OrderWorkDeps): OrderWork {
  const { days, clock } = deps;

  /** The days that the order has to care for, and those whose notices may still wait. */
  async function look(order: StandingOrder) {
    const now = clock.now();
    const wanted = await days.wanted(order.name);
    const dates = datesOf(order, wanted, now);
    const longer = { ...order, catchUpDays: order.catchUpDays + NOTICE_DAYS };
    const all = await days.read(order.name, datesOf(longer, wanted, now));
    const open = all.filter((day) => dates.includes(day.processDate) && needsWork(day, now));
    const over = all.filter((day) => wanted.includes(day.processDate) && isOver(day, now));
    return { open, all, over };
  }

  return {
    async isDue(order) {
      const { open, all, over } = await look(order);
      if (open.length > 0 || over.length > 0) return true;
      return order.notify !== undefined && hasDueNotice(all, clock.now());
    },
    async work(order, signal) {
      const write: WriteDay = (day, change) => days.write(order.name, day, change);
      let isMoving = true;
      while (isMoving && !signal.aborted) {
        for (const day of (await look(order)).open) {
          if (signal.aborted) return;
          await workOnDay(deps, order, day, write, signal);
        }
        const { open, all, over } = await look(order);
        for (const { processDate } of over) await days.unwant(order.name, processDate);
        await sendNotices(deps, order, all, write, signal);
        isMoving = await endsSoon(deps.desk, open, signal);
      }
    },
  };
}

/** Whether the oldest report that is under way has ended a moment later: then there is more to do at once. */
async function endsSoon(
  desk: OrderWorkDeps['desk'],
  open: readonly OrderDay[],
  signal: AbortSignal,
): Promise<boolean> {
  const id = open.find(({ waiting }) => waiting?.for === 'report')?.report;
  if (id === undefined) return false;
  const report = await desk.waitForEnd(id, LINGER_MS, signal);
  return report !== undefined && hasEnded(report.state);
}

function needsWork({ state, failure, waiting }: OrderDay, now: number): boolean {
  if (state === 'ready') return false;
  if (state === 'failed') return failure?.retryAt !== undefined && failure.retryAt <= now;
  return (waiting?.retryAt ?? 0) <= now;
}

/** A date that was wanted besides the others is shown for a day after it was made, and until it was told. */
function isOver({ state, readyAt = 0, notices }: OrderDay, now: number): boolean {
  const isTold = notices.every((notice) => notice.state !== 'waiting');
  return state === 'ready' && isTold && now - readyAt >= SHOWN_MS;
}

/** Whatever holds the day up is written down; it does not keep the order's other days. */
async function workOnDay(
  deps: OrderWorkDeps,
  order: StandingOrder,
  day: OrderDay,
  write: WriteDay,
  signal: AbortSignal,
): Promise<OrderDay> {
  let known = day;
  const remember: WriteDay = async (each, change) => (known = await write(each, change));
  try {
    return await step(deps, order, day, remember, signal);
  } catch (error) {
    if (error instanceof StateUnavailableError || signal.aborted) throw error;
    // Somebody else is at it: two of one order can only be a run that was taken for dead.
    if (error instanceof DayTakenError) return known;
    const { processDate } = known;
    deps.log.warn({ err: error, order: order.name, processDate }, 'a standing order is held up');
    return holdUp(deps, known, causeOf(error), write, wordOf(error));
  }
}

async function step(
  deps: OrderWorkDeps,
  order: StandingOrder,
  day: OrderDay,
  write: WriteDay,
  signal: AbortSignal,
): Promise<OrderDay> {
  const report = day.report === undefined ? undefined : await deps.desk.get(day.report);
  const isToAsk = report === undefined || isGone(report) || day.state === 'failed';
  if (isToAsk) return ask(deps, order, day, write);
  if (report.state === 'failed') return fail(deps, order, day, report, write);
  if (report.state !== 'ready') return day;
  const record = (act: Act): Promise<void> => deps.trail.record(act);
  const delivered = await deliver({ ...deps, record }, order, report, day, write, signal);
  const now = deps.clock.now();
  const ready: OrderDay = { ...delivered, rows: report.rowCount ?? 0 };
  const notices = order.notify === undefined ? [] : [readyNotice(order, ready, now)];
  deps.log.info(
    { order: order.name, processDate: day.processDate, report: report.id, rows: ready.rows },
    'a standing order is ready',
  );
  return write(delivered, {
    state: 'ready',
    rows: ready.rows,
    readyAt: now,
    waiting: undefined,
    failure: undefined,
    notices: [...delivered.notices, ...notices],
  });
}

/** Its time is over before it was delivered, or nobody wants it any more. */
function isGone({ state }: Report): boolean {
  return state === 'expired' || state === 'cancelled';
}

/** As any client would; asked twice, by a run that was killed, it is one ask. */
async function ask(
  deps: OrderWorkDeps,
  order: StandingOrder,
  day: OrderDay,
  write: WriteDay,
): Promise<OrderDay> {
  const { processDate } = day;
  const { member, filters } = order;
  const client = clientOf(order);
  const asks = day.asks + 1;
  await deps.trail.ready();
  const asked = await deps.desk.request({
    client,
    queue: { limit: QUEUE_LIMIT, members: [member] },
    member,
    processDate,
    filters,
    refresh: false,
    idempotencyKey: `${processDate}.${asks}`,
    acceptOutsideHours: true,
  });
  if (asked.kind === 'shut-off') return holdUp(deps, day, 'member-shut-off', write, asked.fault);
  if (asked.kind !== 'report') return holdUp(deps, day, 'queue-full', write, asked.kind);
  const { id } = asked.report;
  await deps.trail.record({
    action: 'balances.asked',
    client,
    member,
    processDate,
    filters: { ...filters },
    report: id,
    end: 'accepted',
  });
  return write(day, {
    state: 'waiting',
    asks,
    report: id,
    waiting: { for: 'report', since: deps.clock.now() },
    failure: undefined,
  });
}

async function fail(
  { clock, log }: OrderWorkDeps,
  order: StandingOrder,
  day: OrderDay,
  { failure }: Report,
  write: WriteDay,
): Promise<OrderDay> {
  const known = failure ?? { code: 'internal', detail: '' };
  const { code } = known;
  const now = clock.now();
  // What MKS refused it refuses again, unless it says otherwise; all else may have passed.
  const isFinal = code === 'mks-rejected' && known.retryable !== true;
  const pauseMs = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** (day.asks - 1));
  log.error(
    { order: order.name, processDate: day.processDate, code },
    'a standing order has failed',
  );
  return write(day, {
    state: 'failed',
    waiting: undefined,
    failure: { ...known, at: now, ...(!isFinal && { retryAt: now + pauseMs }) },
  });
}

function holdUp(
  { clock }: OrderWorkDeps,
  day: OrderDay,
  cause: DayWaitingFor,
  write: WriteDay,
  detail: string,
): Promise<OrderDay> {
  const now = clock.now();
  const since = day.waiting?.for === cause ? day.waiting.since : now;
  const waiting = { for: cause, since, retryAt: now + HELD_UP_MS, detail };
  return write(day, { state: 'waiting', waiting });
}

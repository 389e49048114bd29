/** What an order's notices say, and their way out: at least once, one after the other, for a day at most. */
import { randomUUID } from 'node:crypto';
import type { Logger } from 'pino';
import type { StandingOrder } from '../config/orders.ts';
import { toIstanbulTimestamp } from '../lib/dates.ts';
import type { Clock } from '../lib/clock.ts';
import type { Notice, NoticeAttempt, OrderDay } from './days.ts';
import type { WriteDay } from './deliver.ts';
import type { NoticeSender } from './notices.ts';

const MINUTE_MS = 60_000;
/** After each try that failed; the last pause again and again. */
const PAUSES_MS = [5_000, 30_000, 2 * MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, 60 * MINUTE_MS];
const GIVEN_UP_AFTER_MS = 24 * 60 * MINUTE_MS;
const KEPT_ATTEMPTS = 20;

/** The notice that a day is ready; its files are delivered. */
export function readyNotice(order: StandingOrder, day: OrderDay, now: number): Notice {
  const { processDate, report, rows, files } = day;
  const body = {
    type: 'balances.ready',
    timestamp: toIstanbulTimestamp(now),
    data: {
      order: order.name,
      member: order.member,
      processDate,
      report,
      rows,
      files: files.map(({ format, name, sha256, bytes }) => ({ format, name, sha256, bytes })),
    },
  };
  return newNotice(body, now);
}

/** @param body as it goes out in each attempt. */
export function newNotice(body: object, now: number): Notice {
  return {
    id: `msg_${randomUUID()}`,
    createdAt: now,
    state: 'waiting',
    body: JSON.stringify(body),
    nextAt: now,
    tries: 0,
    attempts: [],
  };
}

/** Tells the log what became of a notice after its last try; while it waits there is nothing to tell. */
export function tellEnd(log: Logger, { state, tries, attempts }: Notice, about: object): void {
  if (state === 'waiting') return;
  const { status, error } = attempts.at(-1) ?? {};
  const level = state === 'delivered' ? 'info' : 'error';
  log[level]({ ...about, tries, status, error }, `a notice is ${state}`);
}

/**
 * Sends what is due of these days, in the order in which it became ready: a notice waits for those before it.
 * @throws DayTakenError, StateUnavailableError.
 */
export async function sendNotices(
  deps: { sender: NoticeSender; clock: Clock; log: Logger },
  order: StandingOrder,
  days: readonly OrderDay[],
  write: WriteDay,
  signal: AbortSignal,
): Promise<void> {
  const { notify, name } = order;
  if (notify === undefined) return;
  const known = new Map(days.map((day) => [day.processDate, day]));
  for (const { processDate, notice } of waitingIn(days)) {
    const now = deps.clock.now();
    const day = known.get(processDate);
    if (signal.aborted || day === undefined || notice.nextAt > now) return;
    const attempt = await deps.sender.send(notify, notice);
    const next = afterTry(notice, attempt, deps.clock.now());
    const notices = day.notices.map((each) => (each.id === next.id ? next : each));
    known.set(processDate, await write(day, { notices }));
    tellEnd(deps.log, next, { order: name, processDate });
    if (next.state === 'waiting') return;
  }
}

/** Whether a notice of these days is due. */
export function hasDueNotice(days: readonly OrderDay[], now: number): boolean {
  const [first] = waitingIn(days);
  return first !== undefined && first.notice.nextAt <= now;
}

function waitingIn(days: readonly OrderDay[]): { processDate: string; notice: Notice }[] {
  return days
    .flatMap(({ processDate, notices }) => notices.map((notice) => ({ processDate, notice })))
    .filter(({ notice }) => notice.state === 'waiting')
    .toSorted((one, other) => one.notice.createdAt - other.notice.createdAt);
}

/** The notice after one more try: taken, to be tried again, or given up after a day. */
export function afterTry(notice: Notice, attempt: NoticeAttempt, now: number): Notice {
  const { status = 0 } = attempt;
  const tries = notice.tries + 1;
  const attempts = [...notice.attempts, attempt].slice(-KEPT_ATTEMPTS);
  if (status >= 200 && status < 300) return { ...notice, tries, attempts, state: 'delivered' };
  if (now - notice.createdAt >= GIVEN_UP_AFTER_MS) {
    return { ...notice, tries, attempts, state: 'given-up' };
  }
  const pauseMs = PAUSES_MS[tries - 1] ?? PAUSES_MS.at(-1) ?? MINUTE_MS;
  return { ...notice, tries, attempts, nextAt: now + pauseMs };
}

/**
 * Standing orders: each day's balances asked for by themselves, laid in a folder, and somebody told.
 *
 * Nothing rests on an event: what is due is read from the clock, what is done from Redis, and the difference is worked
 * on until there is none, by whichever replica is there.
 */
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { StandingOrder } from '../config/orders.ts';
import type { NoticeTarget } from '../config/notice-targets.ts';
import type { Clock } from '../lib/clock.ts';
import type { Keys } from '../state/keys.ts';
import { createCallerNotices, type CallerNotices } from './caller-notices.ts';
import { createOrderDays, DayTakenError, type OrderDay, type OrderDays } from './days.ts';
import { createOrderEngine } from './engine.ts';
import { createNoticeBox } from './notice-box.ts';
import { createNoticeSender } from './notices.ts';
import { datesOf, nextRunAt, runFor } from './runs.ts';
import { createOrderWork, type OrderWorkDeps } from './work.ts';

export type { StandingOrder };

/** One of its dates. */
export interface OrderDate extends OrderDay {
  /** Not ready when it should have been, wall ms. */
  lateAt: number;
  isLate: boolean;
}

/** An order and what became of its dates, the newest first. */
export interface OrderState {
  order: StandingOrder;
  /** Wall ms. */
  nextRunAt: number;
  dates: OrderDate[];
}

export interface Orders {
  /** Those of these members, by name. @throws StateUnavailableError. */
  list(members: readonly string[]): Promise<OrderState[]>;
  /** @returns nothing where no order has the name. @throws StateUnavailableError. */
  find(name: string): Promise<OrderState | undefined>;
  /** Tells a client's own system when a report has ended. */
  notices: Pick<CallerNotices, 'want'>;
  /**
   * Has a date made now, whether or not it is due or done: its files are delivered anew.
   * @throws StateUnavailableError.
   */
  run(order: StandingOrder, processDate: string): Promise<void>;
  close(deadlineMs: number): Promise<void>;
}

export function createOrders(
  deps: Omit<OrderWorkDeps, 'days' | 'sender'> & {
    /** Those in force now. */
    orders: () => readonly StandingOrder[];
    redis: { commands: Redis; blocking: Redis };
    keys: Keys;
    targetOf: (client: string, target: string) => NoticeTarget | undefined;
    clock: Clock;
    log: Logger;
  },
): Orders {
  const { orders, redis, keys, clock, log } = deps;
  const days = createOrderDays(redis.commands, keys);
  const sender = createNoticeSender(clock);
  const work = createOrderWork({ ...deps, days, sender });
  const notices = createCallerNotices({
    ...deps,
    box: createNoticeBox(redis.commands, keys),
    sender,
  });
  const named = (name: string) => orders().find((order) => order.name === name);
  const engine = createOrderEngine({
    connections: redis,
    keys,
    names: () => orders().map(({ name }) => name),
    async isDue(name) {
      const order = named(name);
      return order !== undefined && work.isDue(order);
    },
    async work(name, signal) {
      const order = named(name);
      if (order !== undefined) await work.work(order, signal);
    },
    log,
  });

  return {
    notices,
    list: (members) =>
      Promise.all(
        orders()
          .filter(({ member }) => members.includes(member))
          .map((order) => stateOf(days, order, clock.now())),
      ),
    async find(name) {
      const order = named(name);
      return order && stateOf(days, order, clock.now());
    },
    async run(order, processDate) {
      await days.want(order.name, processDate);
      await beginAnew(days, order, processDate);
      await engine.wake(order.name);
    },
    async close(deadlineMs) {
      notices.close();
      await engine.close(deadlineMs);
      await sender.close();
    },
  };
}

/** Forgets what became of the date, unless it is under way; a worker may be writing it at this moment. */
async function beginAnew(days: OrderDays, order: StandingOrder, processDate: string) {
  const [day] = await days.read(order.name, [processDate]);
  if (day === undefined || day.state === 'waiting') return;
  const nothing = { report: undefined, failure: undefined, waiting: undefined, files: [] };
  try {
    await days.write(order.name, day, { state: 'missing', ...nothing });
  } catch (error) {
    if (!(error instanceof DayTakenError)) throw error;
    await beginAnew(days, order, processDate);
  }
}

async function stateOf(days: OrderDays, order: StandingOrder, now: number): Promise<OrderState> {
  const dates = datesOf(order, await days.wanted(order.name), now);
  const found = await days.read(order.name, dates);
  return {
    order,
    nextRunAt: nextRunAt(order, now),
    dates: found.map((day) => dateOf(order, day, now)).toReversed(),
  };
}

function dateOf(order: StandingOrder, day: OrderDay, now: number): OrderDate {
  const { lateAt } = runFor(order, day.processDate);
  return { ...day, lateAt, isLate: (day.readyAt ?? now) > lateAt };
}

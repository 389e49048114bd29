/** What became of each day of an order, in Redis: no balance, no secret. */
import type { Redis } from 'ioredis';
import { stateful } from '../state/connection.ts';
import type { Failure } from '../reports/types.ts';
import type { Keys } from '../state/keys.ts';
import { runScript } from '../state/script.ts';
import * as scripts from '../state/scripts/orders.ts';

/** A file in the order's folder. */
export interface DeliveredFile {
  format: string;
  name: string;
  /** Hex. */
  sha256: string;
  bytes: number;
  /** Wall ms. */
  deliveredAt: number;
}

/** A file that is whole beside the name that it is about to get. */
export interface Placing extends DeliveredFile {
  /** Its name until then. */
  part: string;
  /** When the part was last changed, nanoseconds, as a text: another one says that it has got its name. */
  ctime: string;
}

/** One try to hand a notice over. */
export interface NoticeAttempt {
  /** Wall ms. */
  at: number;
  durationMs: number;
  /** Of the answer; absent where there was none. */
  status?: number;
  /** Why there was none, in a word. */
  error?: string;
}

export interface Notice {
  /** The same in each attempt. */
  id: string;
  createdAt: number;
  state: 'waiting' | 'delivered' | 'given-up';
  /** The body, to the byte the same in each attempt. */
  body: string;
  /** When it is tried next, while it waits. */
  nextAt: number;
  /** How often it was tried; the last attempts are kept. */
  tries: number;
  attempts: NoticeAttempt[];
}

/** What holds a day up, and passes by itself. */
export type DayWaitingFor =
  'report' | 'folder' | 'trail-unavailable' | 'queue-full' | 'member-shut-off' | 'internal';

export interface OrderDay {
  /** Grows with each write: who knows an older one writes nothing. */
  version: number;
  processDate: string;
  /** `missing`: nobody has been asked for it yet. */
  state: 'missing' | 'waiting' | 'ready' | 'failed';
  /** How many reports were asked for: each ask has an idempotency key of its own. */
  asks: number;
  /** The report of the last ask. */
  report?: string;
  rows?: number;
  readyAt?: number;
  waiting?: { for: DayWaitingFor; since: number; retryAt?: number; detail?: string };
  /** Why its report failed; tried again at `retryAt`, if another try can help. */
  failure?: Failure & { at: number; retryAt?: number };
  files: DeliveredFile[];
  placing?: Placing;
  /** The newest last. */
  notices: Notice[];
}

/** What is undefined goes. */
export type DayChange = { [Name in keyof OrderDay]?: OrderDay[Name] | undefined };

/** The day was written by somebody else since it was read: whoever it was goes on with it. */
export class DayTakenError extends Error {
  override readonly name = 'DayTakenError';

  constructor() {
    super('the day of the order was changed by another run');
  }
}

export interface OrderDays {
  /** Each of the dates in the order given, as `missing` where nothing is known of it. */
  read(order: string, processDates: readonly string[]): Promise<OrderDay[]>;
  /**
   * Changes the day as it was read.
   * @returns the day as it is now.
   * @throws DayTakenError, StateUnavailableError.
   */
  write(order: string, day: OrderDay, change: DayChange): Promise<OrderDay>;
  /** Dates that an operator wants made although they are not due. */
  wanted(order: string): Promise<string[]>;
  want(order: string, processDate: string): Promise<void>;
  /** They were made, told and shown. */
  unwant(order: string, processDate: string): Promise<void>;
}

/** Days that are forgotten could be delivered again: longer than any order makes up for. */
const KEPT_DAYS = 400;
const DAY_MS = 24 * 60 * 60 * 1000;

export function createOrderDays(redis: Redis, keys: Keys): OrderDays {
  return {
    async read(order, processDates) {
      if (processDates.length === 0) return [];
      const found = await stateful(redis.hmget(keys.orderDays(order), ...processDates));
      return processDates.map((date, index) => parse(found[index]) ?? newDay(date));
    },
    async write(order, day, change) {
      const next = { ...day, ...change, version: day.version + 1 } as OrderDay;
      const isWritten = await stateful(
        runScript(redis, scripts.writeOrderDay, [keys.orderDays(order)], {
          processDate: day.processDate,
          version: day.version,
          text: JSON.stringify(next),
          keptMs: KEPT_DAYS * DAY_MS,
          keptDays: KEPT_DAYS,
        }),
      );
      if (isWritten !== 1) throw new DayTakenError();
      return next;
    },
    wanted: (order) => stateful(redis.smembers(keys.orderWanted(order))),
    async want(order, processDate) {
      await stateful(redis.sadd(keys.orderWanted(order), processDate));
    },
    async unwant(order, processDate) {
      await stateful(redis.srem(keys.orderWanted(order), processDate));
    },
  };
}

function newDay(processDate: string): OrderDay {
  return { version: 0, processDate, state: 'missing', asks: 0, files: [], notices: [] };
}

function parse(text: string | null | undefined): OrderDay | undefined {
  return text === null || text === undefined ? undefined : (JSON.parse(text) as OrderDay);
}

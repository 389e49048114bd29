/**
 * Who works on which order: one replica at a time each, whichever dies.
 *
 * What is due is read from our own clock, by a look each few seconds in every replica, and BullMQ is the engine: it
 * hands each job out once, renews its lock, and hands it out again when its replica has died. Its own schedulers
 * count on the machine's clock, put the next run into Redis before it is due, and skip what fell into a gap;
 * a look at the days finds whatever is missing.
 */
import { Queue, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { within } from '../lib/within.ts';
import { stateful } from '../state/connection.ts';
import { StateUnavailableError } from '../state/errors.ts';
import type { Keys } from '../state/keys.ts';

const QUEUE = 'orders';
const LOOK_MS = 2_000;
/** A replica that has not renewed its lock for this long is taken for dead. */
const LOCK_MS = 10_000;
const STALLED_CHECK_MS = 5_000;
/** Of one replica: so many deliveries and notices at once. */
const CONCURRENCY = 4;
const WITHOUT_END = 1_000_000_000;

export interface OrderEngine {
  /** Has the order looked at now. @throws StateUnavailableError. */
  wake(order: string): Promise<void>;
  close(deadlineMs: number): Promise<void>;
}

/**
 * @param names of the orders that are in force.
 * @param isDue whether there is anything to do for one of them.
 */
export function createOrderEngine(deps: {
  connections: { commands: Redis; blocking: Redis };
  keys: Keys;
  names: () => readonly string[];
  isDue: (order: string) => Promise<boolean>;
  work: (order: string, signal: AbortSignal) => Promise<void>;
  log: Logger;
}): OrderEngine {
  const { connections, keys, log } = deps;
  const stopping = new AbortController();
  const prefix = keys.jobs;
  const queue = new Queue<{ order: string }>(QUEUE, { connection: connections.commands, prefix });
  const worker = new Worker<{ order: string }>(QUEUE, run, {
    connection: connections.blocking,
    prefix,
    concurrency: CONCURRENCY,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_CHECK_MS,
    maxStalledCount: WITHOUT_END,
    maxStartedAttempts: WITHOUT_END,
    removeOnComplete: { count: 0 },
    removeOnFail: { count: 0 },
  });
  queue.on('error', (error) => log.debug({ err: error }, 'order queue'));
  worker.on('error', (error) => log.debug({ err: error }, 'order worker'));

  async function run({ data: { order } }: Job<{ order: string }>): Promise<void> {
    try {
      await deps.work(order, stopping.signal);
    } catch (error) {
      // The next look finds what is left.
      if (stopping.signal.aborted || error instanceof StateUnavailableError) return;
      log.error({ err: error, order }, 'a standing order could not be worked on');
    }
  }

  async function wake(order: string): Promise<void> {
    await stateful(queue.add('order', { order }, { jobId: `order-${order}` }));
  }

  let isLooking = false;
  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    try {
      for (const order of deps.names()) if (await deps.isDue(order)) await wake(order);
    } catch (error) {
      // Redis away is told by its connection.
      if (!(error instanceof StateUnavailableError)) {
        log.error({ err: error }, 'standing orders could not be looked at');
      }
    } finally {
      isLooking = false;
    }
  }
  const timer = setInterval(() => void look(), LOOK_MS).unref();
  void look();

  return {
    wake,
    async close(deadlineMs) {
      clearInterval(timer);
      stopping.abort(new Error('the gateway is shutting down'));
      await within(deadlineMs, Promise.all([worker.close(), queue.close()])).catch(() => {
        void worker.backend.close(true).catch(() => undefined);
      });
    },
  };
}

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
import { closeWorker, WORKER_OPTIONS } from '../reports/life/workers.ts';
import { stateful } from '../state/connection.ts';
import { StateUnavailableError } from '../state/errors.ts';
import type { Keys } from '../state/keys.ts';

const QUEUE = 'orders';
const LOOK_MS = 2_000;
/** Of one replica: so many deliveries and notices at once. */
const CONCURRENCY = 4;

export interface OrderEngine {
  /** Has the order looked at now. @throws StateUnavailableError. */
  wake(order: string): Promise<void>;
  close(deadlineMs: number): Promise<void>;
}

interface QueueDeps {
  connections: { commands: Redis; blocking: Redis };
  keys: Keys;
  log: Logger;
}

/**
 * @param names of the orders that are in force.
 * @param isDue whether there is anything to do for one of them.
 */
export function createOrderEngine(
  deps: QueueDeps & {
    names: () => readonly string[];
    isDue: (order: string) => Promise<boolean>;
    work: (order: string, signal: AbortSignal) => Promise<void>;
  },
): OrderEngine {
  const { log } = deps;
  const stopping = new AbortController();
  let opened: ReturnType<typeof openQueue> | undefined;

  /** Who has no orders has no worker either, which would ask Redis for jobs. */
  const engine = () => (opened ??= openQueue(deps, run));

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
    await stateful(engine().queue.add('order', { order }, { jobId: `order-${order}` }));
  }

  let isLooking = false;
  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    try {
      const names = deps.names();
      if (names.length > 0) engine();
      for (const order of names) if (await deps.isDue(order)) await wake(order);
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
      if (opened !== undefined) await closeWorker(opened.worker, opened.queue, deadlineMs);
    },
  };
}

function openQueue(
  { connections, keys, log }: QueueDeps,
  run: (job: Job<{ order: string }>) => Promise<void>,
) {
  const prefix = keys.jobs;
  const queue = new Queue<{ order: string }>(QUEUE, { connection: connections.commands, prefix });
  const worker = new Worker<{ order: string }>(QUEUE, run, {
    ...WORKER_OPTIONS,
    connection: connections.blocking,
    prefix,
    concurrency: CONCURRENCY,
  });
  queue.on('error', (error) => log.debug({ err: error }, 'order queue'));
  worker.on('error', (error) => log.debug({ err: error }, 'order worker'));
  return { queue, worker };
}

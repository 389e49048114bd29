/**
 * The jobs of granted reports: BullMQ delivers each to one replica at a time, at least once.
 *
 * A job holds two ids and nothing else; its id is the report's, so adding it again is harmless.
 * Waiting is done by delaying the job; only a short pause holds its place here.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { DelayedError, Queue, Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { stateful } from '../../state/connection.ts';
import type { Keys } from '../../state/keys.ts';
import type { Due } from '../store.ts';
import type { Stops } from './run.ts';
import { closeWorker, WITHOUT_END, WORKER_OPTIONS } from './workers.ts';

const QUEUE = 'reports';
/** Runs mostly wait for MKS, so there may be many. */
const CONCURRENCY = 100;
const RETRY_MS = 1_000;
/**
 * Putting a job off and getting it back are five round trips of Redis, more than all else of a poll. As
 * long as the first pause between polls, unless that is set longer.
 */
const HELD_MS = 2_500;
/** So much of the time to close is for the answer to a balance-report that is under way. */
const LATE_SHARE = 0.7;

export interface Jobs {
  /**
   * Has the report worked on, now or when a replica is free. Adding twice is adding once.
   * @throws StateUnavailableError.
   */
  add(due: Due): Promise<void>;
  /**
   * Adds those that have no job, with one look at all of them.
   * @throws StateUnavailableError.
   */
  addLost(dues: readonly Due[]): Promise<void>;
  /**
   * Ends the pause of a report that waits, now or as soon as it begins.
   * @throws StateUnavailableError.
   */
  wake(due: Due): Promise<void>;
  /** Takes no more jobs and lets go of the running ones, at the latest after `deadlineMs`. */
  close(deadlineMs: number): Promise<void>;
}

/**
 * @param connections `commands` fails fast; `blocking` waits for Redis for ever.
 * @param work does one run; gives milliseconds to wait before the next, or nothing at the end.
 */
export function createJobs(deps: {
  connections: { commands: Redis; blocking: Redis };
  keys: Keys;
  work: (due: Due, stops: Stops) => Promise<number | undefined>;
  log: Logger;
}): Jobs {
  const { connections, keys, work, log } = deps;
  const stopping = new AbortController();
  const lately = new AbortController();
  const running = new Set<string>();
  const woken = new Set<string>();
  const stops = { signal: stopping.signal, lateSignal: lately.signal };
  const queue = new Queue<Due>(QUEUE, { connection: connections.commands, prefix: keys.jobs });
  const worker = new Worker<Due>(QUEUE, run, {
    ...WORKER_OPTIONS,
    concurrency: CONCURRENCY,
    connection: connections.blocking,
    prefix: keys.jobs,
  });
  queue.on('error', (error) => log.debug({ err: error }, 'job queue'));
  worker.on('error', (error) => log.debug({ err: error }, 'job worker'));

  async function run(job: Job<Due>, token?: string): Promise<void> {
    const { id } = job.data;
    let waitMs: number | undefined;
    running.add(id);
    try {
      waitMs = await work(job.data, stops);
      while (waitMs !== undefined && waitMs <= HELD_MS) {
        await sleep(woken.has(id) ? 0 : waitMs, undefined, { signal: stopping.signal });
        // What has woken it by now is seen by the run that begins.
        woken.delete(id);
        waitMs = await work(job.data, stops);
      }
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
      waitMs = 0; // Another replica may take it up at once.
    } finally {
      running.delete(id);
    }
    // What woke it came while it was at work, so its pause rests on what was before.
    const isWoken = woken.delete(id);
    if (waitMs === undefined) return;
    await job.moveToDelayed(Date.now() + (isWoken ? 0 : waitMs), token);
    throw new DelayedError();
  }

  return {
    ...adding(queue, connections.commands),
    async wake({ id }) {
      if (running.has(id)) woken.add(id);
      await promote(queue, id);
    },
    async close(deadlineMs) {
      const reason = new Error('the gateway is shutting down');
      stopping.abort(reason);
      const timer = setTimeout(() => lately.abort(reason), deadlineMs * LATE_SHARE);
      await closeWorker(worker, queue, deadlineMs);
      clearTimeout(timer);
      lately.abort(reason);
    },
  };
}

function adding(queue: Queue<Due>, commands: Redis): Pick<Jobs, 'add' | 'addLost'> {
  async function add(due: Due): Promise<void> {
    const added = queue.add('report', due, {
      jobId: due.id,
      attempts: WITHOUT_END,
      backoff: { type: 'fixed', delay: RETRY_MS },
    });
    await stateful(added);
  }
  return {
    add,
    async addLost(dues) {
      const looks = commands.pipeline(dues.map(({ id }) => ['exists', queue.toKey(id)]));
      const found = (await stateful(looks.exec())) ?? [];
      // A look that failed tells nothing, and adding twice is adding once.
      for (const [index, due] of dues.entries()) if (found[index]?.[1] !== 1) await add(due);
    },
  };
}

/** One that is not put off is looked at anyway; it may begin between the two. */
async function promote(queue: Queue<Due>, id: string): Promise<void> {
  const job = await stateful(queue.getJob(id));
  if (job !== undefined && (await stateful(job.isDelayed()))) {
    await job.promote().catch(() => undefined);
  }
}

/** How workers of BullMQ are kept here, whatever their jobs are. */
import type { Queue, Worker } from 'bullmq';
import { TimeIsUpError, within } from '../../lib/within.ts';

/** A job is given up by its own rules, never because its replicas died often. */
export const WITHOUT_END = 1_000_000_000;

export const WORKER_OPTIONS = {
  /** A replica that has not renewed its lock for this long is taken for dead. */
  lockDuration: 10_000,
  stalledInterval: 5_000,
  maxStalledCount: WITHOUT_END,
  maxStartedAttempts: WITHOUT_END,
  removeOnComplete: { count: 0 },
  removeOnFail: { count: 0 },
};

/** Takes no more jobs and waits for those under way, at the latest for `deadlineMs`. */
export async function closeWorker(
  worker: Worker,
  queue: Pick<Queue, 'close'>,
  deadlineMs: number,
): Promise<void> {
  const closing = Promise.all([worker.close(), queue.close()]);
  await within(deadlineMs, closing).catch((error: unknown) => {
    if (!(error instanceof TimeIsUpError)) return;
    // Without Redis the worker would wait for it; its own connections have to be cut.
    void worker.backend.close(true).catch(() => undefined);
  });
}

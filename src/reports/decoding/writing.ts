/**
 * A thread that writes rows while others are read: it digests, compresses and seals them.
 *
 * It belongs to the thread that starts it, and the two end together.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { SealedFile } from '../spool/frames.ts';
import type { RowWriter } from '../spool/row-writer.ts';
import { sendable } from '../spool/sendable.ts';
import { type Failure, toError } from './messages.ts';

/** What the thread is told, one thing after the other is done. */
export type Order =
  | { order: 'begin'; file: SealedFile }
  | { order: 'write'; lines: Uint8Array<ArrayBuffer> }
  | { order: 'finish' | 'abandon' };

export type Done = { digest?: string } | { failure: Failure };

/** Nearly all that passes lies outside of the heap. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 };

const THREAD = new URL('writing-thread.ts', import.meta.url);

/**
 * Starts the thread. Where it fails or ends, nothing answers any more: that is an uncaught error here.
 * @returns `createRowWriter` as it works there, for one file at a time.
 */
export function startWriting(source = THREAD): (file: SealedFile) => Promise<RowWriter> {
  const worker = new Worker(source, { resourceLimits: RESOURCE_LIMITS });
  worker.once('exit', () => {
    throw new Error('the thread that writes has ended');
  });

  async function tell(order: Order, moved: ArrayBuffer[] = []): Promise<string> {
    const answered = once(worker, 'message');
    worker.postMessage(order, moved);
    const [done] = (await answered) as [Done];
    if ('failure' in done) throw toError(done.failure);
    return done.digest ?? '';
  }

  return async (file) => {
    await tell({ order: 'begin', file: sendable(file) });
    let underWay: Promise<unknown> = Promise.resolve();
    return {
      async write(lines) {
        await underWay;
        underWay = tell({ order: 'write', lines }, [lines.buffer]);
        // Whoever comes next is told.
        underWay.catch(() => undefined);
      },
      async finish() {
        await underWay;
        return tell({ order: 'finish' });
      },
      async abandon() {
        await underWay.catch(() => undefined);
        await tell({ order: 'abandon' });
      },
    };
  };
}

/** Threads that decode large archives, so that the event loop stays free for callers meanwhile. */
import { createThreads } from '../../lib/threads.ts';
import { sendable } from '../spool/sendable.ts';
import type { Decoded, DecodingTask } from './decode.ts';
import { type Reply, toError } from './messages.ts';

/** Rows are bytes outside of the heap; a small young generation keeps what is left of it small. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 };

export interface DecodingThreads {
  /** A large archive is on its way: a thread is started meanwhile. */
  prepare(): void;
  /**
   * Decodes in a thread that does nothing else meanwhile.
   * @throws what `decode` throws; the signal's reason as soon as it is aborted, when the thread has ended; an
   *   error of the thread itself.
   */
  decode(task: DecodingTask, signal: AbortSignal): Promise<Decoded>;
}

export function createDecodingThreads(): DecodingThreads {
  const threads = createThreads(new URL('thread.ts', import.meta.url), RESOURCE_LIMITS);
  return {
    prepare: () => threads.prepare(),
    async decode(task, signal) {
      const sent = { ...task, archive: sendable(task.archive), rows: sendable(task.rows) };
      const reply = (await threads.run(sent, signal)) as Reply;
      if ('failure' in reply) throw toError(reply.failure);
      return reply.decoded;
    },
  };
}

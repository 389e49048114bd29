/** Threads that decode large archives, so that the event loop stays free for callers meanwhile. */
import { createThreads } from '../../lib/threads.ts';
import type { Decoded, DecodingTask } from './decode.ts';
import { type Reply, toError } from './messages.ts';

/** Rows are bytes outside of the heap; a small young generation keeps what is left of it small. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 };

export interface DecodingThreads {
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
    async decode(task, signal) {
      const reply = (await threads.run(plain(task), signal)) as Reply;
      if ('failure' in reply) throw toError(reply.failure);
      return reply.decoded;
    },
  };
}

/** Keys lie in memory that they share with other secrets: a copy goes alone. */
function plain(task: DecodingTask): unknown {
  const copied = ({ key, ...file }: DecodingTask['archive']) => ({
    ...file,
    key: new Uint8Array(key),
  });
  return { ...task, archive: copied(task.archive), rows: copied(task.rows) };
}

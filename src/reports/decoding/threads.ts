/**
 * Threads that decode large archives, so that the event loop stays free for callers meanwhile.
 *
 * They are started when they are needed, and end by themselves when nobody has needed them for a while.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Decoded, DecodingTask } from './decode.ts';
import { type Reply, toError } from './messages.ts';

/** Starting one takes about a tenth of a second, keeping one some megabytes. */
const IDLE_MS = 10_000;

/** Rows are bytes outside of the heap; a small young generation keeps what is left of it small. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 256 };

const SOURCE = new URL('thread.ts', import.meta.url);

export interface DecodingThreads {
  /**
   * Decodes in a thread that does nothing else meanwhile.
   * @throws what `decode` throws; the signal's reason as soon as it is aborted, when the thread has ended; an
   *   error of the thread itself.
   */
  decode(task: DecodingTask, signal: AbortSignal): Promise<Decoded>;
}

interface Thread {
  worker: Worker;
  /** Runs while it is idle. */
  ending?: NodeJS.Timeout;
}

export function createDecodingThreads(): DecodingThreads {
  const idle: Thread[] = [];

  function take(): Thread {
    const thread = idle.pop() ?? {
      worker: new Worker(SOURCE, { resourceLimits: RESOURCE_LIMITS }),
    };
    clearTimeout(thread.ending);
    thread.worker.ref();
    return thread;
  }

  function giveBack(thread: Thread): void {
    // Neither it nor its timer keeps the process.
    thread.worker.unref();
    thread.ending = setTimeout(() => {
      idle.splice(idle.indexOf(thread), 1);
      void thread.worker.terminate();
    }, IDLE_MS).unref();
    idle.push(thread);
  }

  return {
    async decode(task, signal) {
      signal.throwIfAborted();
      const thread = take();
      let reply: Reply;
      try {
        reply = await ask(thread.worker, task, signal);
      } catch (error) {
        await thread.worker.terminate();
        signal.throwIfAborted();
        throw error;
      }
      giveBack(thread);
      if ('failure' in reply) throw toError(reply.failure);
      return reply.decoded;
    },
  };
}

/** @throws when the thread fails or ends before it has answered, or the signal is aborted. */
async function ask(worker: Worker, task: DecodingTask, signal: AbortSignal): Promise<Reply> {
  const leaving = new AbortController();
  const waiting = AbortSignal.any([signal, leaving.signal]);
  const ended = once(worker, 'exit', { signal: waiting }).then(([code]) => {
    throw new Error(`the decoding thread has ended with ${String(code)}`);
  });
  ended.catch(() => undefined);
  try {
    const answered = once(worker, 'message', { signal: waiting });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have none
    worker.postMessage(plain(task));
    const [reply] = (await Promise.race([answered, ended])) as [Reply];
    return reply;
  } finally {
    leaving.abort();
  }
}

/** Keys lie in memory that they share with other secrets: a copy goes alone. */
function plain(task: DecodingTask): unknown {
  const copied = ({ key, ...file }: DecodingTask['archive']) => ({
    ...file,
    key: new Uint8Array(key),
  });
  return { ...task, archive: copied(task.archive), rows: copied(task.rows) };
}

/**
 * Threads for work that would keep the event loop from everybody else.
 *
 * They are started when they are needed, and end by themselves when nobody has needed them for a while.
 */
import { once } from 'node:events';
import { Worker, type ResourceLimits } from 'node:worker_threads';

/**
 * Starting one takes about a tenth of a second, and as much again until V8 has compiled what it does most; keeping
 * one takes some twenty megabytes. Reports of an evening come in each other's wake.
 */
const IDLE_MS = 60_000;

export interface Threads {
  /** Starts a thread for a task that is about to come, unless one waits for it already. */
  prepare(): void;
  /**
   * Has a thread that does nothing else meanwhile answer one message with another.
   * @param task plain values and bytes that lie in no memory shared with others: it is copied.
   * @throws the signal's reason as soon as it is aborted, when the thread has ended; an error of the thread itself.
   */
  run(task: unknown, signal: AbortSignal): Promise<unknown>;
}

interface Thread {
  worker: Worker;
  /** Runs while it is idle. */
  ending?: NodeJS.Timeout;
}

/** @param source a module that answers each message to its `parentPort` with one of its own. */
export function createThreads(source: URL, resourceLimits: ResourceLimits): Threads {
  const idle: Thread[] = [];

  function start(): Thread {
    const thread = { worker: new Worker(source, { resourceLimits }) };
    // Whoever has given it a task is told by `ask`; without one it is only missing.
    thread.worker.on('error', () => undefined);
    thread.worker.once('exit', () => forget(thread));
    return thread;
  }

  function forget(thread: Thread): void {
    clearTimeout(thread.ending);
    const at = idle.indexOf(thread);
    if (at !== -1) idle.splice(at, 1);
  }

  function take(): Thread {
    const thread = idle.pop() ?? start();
    clearTimeout(thread.ending);
    thread.worker.ref();
    return thread;
  }

  function giveBack(thread: Thread): void {
    // Neither it nor its timer keeps the process.
    thread.worker.unref();
    thread.ending = setTimeout(() => {
      forget(thread);
      void thread.worker.terminate();
    }, IDLE_MS).unref();
    idle.push(thread);
  }

  return {
    prepare() {
      if (idle.length === 0) giveBack(start());
    },
    async run(task, signal) {
      signal.throwIfAborted();
      const thread = take();
      let reply: unknown;
      try {
        reply = await ask(thread.worker, task, signal);
      } catch (error) {
        await thread.worker.terminate();
        signal.throwIfAborted();
        throw error;
      }
      giveBack(thread);
      return reply;
    },
  };
}

/** @throws when the thread fails or ends before it has answered, or the signal is aborted. */
async function ask(worker: Worker, task: unknown, signal: AbortSignal): Promise<unknown> {
  const leaving = new AbortController();
  const waiting = AbortSignal.any([signal, leaving.signal]);
  const ended = once(worker, 'exit', { signal: waiting }).then(([code]) => {
    throw new Error(`a thread has ended with ${String(code)}`);
  });
  ended.catch(() => undefined);
  try {
    const answered = once(worker, 'message', { signal: waiting });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- threads have none
    worker.postMessage(task);
    const [reply] = await Promise.race([answered, ended]);
    return reply;
  } finally {
    leaving.abort();
  }
}

/**
 * Wake-ups between replicas: "look at this report again", and nothing more.
 *
 * A wake-up may be lost or come twice; whoever waits reads the record again after it, and every
 * few seconds without one.
 */
import { EventEmitter } from 'node:events';
import type { Redis } from 'ioredis';
import type { Keys } from '../state/keys.ts';

export interface WakeUps {
  /** Resolves at the next wake-up of the report (or its member), after `timeoutMs`, or on abort. */
  wait(topic: string, timeoutMs: number, signal: AbortSignal): Promise<void>;
  close(): void;
}

/** @param subscriber a connection of its own: a subscribed one takes no other commands. */
export function createWakeUps(subscriber: Redis, keys: Keys): WakeUps {
  const topics = new EventEmitter();
  topics.setMaxListeners(0);
  subscriber.on('message', (_channel: string, message: string) => {
    for (const topic of message.split(' ')) topics.emit(topic);
  });
  // A failed subscription is renewed by the connection itself; until then waiters re-read by time.
  subscriber.subscribe(keys.wakeChannel).catch(() => undefined);

  return {
    wait(topic, timeoutMs, signal) {
      return new Promise((resolve) => {
        const settle = (): void => {
          clearTimeout(timer);
          topics.off(topic, settle);
          signal.removeEventListener('abort', settle);
          resolve();
        };
        const timer = setTimeout(settle, timeoutMs);
        topics.on(topic, settle);
        signal.addEventListener('abort', settle);
        if (signal.aborted) settle();
      });
    },
    close() {
      topics.removeAllListeners();
    },
  };
}

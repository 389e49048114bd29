/** The notices that callers wait for, in Redis: by whom they are wanted, and when each is tried next. */
import type { Redis } from 'ioredis';
import { stateful } from '../state/connection.ts';
import type { Keys } from '../state/keys.ts';
import { runScript } from '../state/script.ts';
import { claimNotices } from '../state/scripts/orders.ts';
import type { Notice } from './days.ts';

/** Who wants to be told, under which of its names, of which report. */
export interface WantedNotice {
  client: string;
  /** Of a target in the client's entry. */
  target: string;
  report: string;
}

export type WaitingNotice = WantedNotice & {
  /** Wall ms. */
  since: number;
  /** Once it was tried. */
  notice?: Notice;
};

/** All of it throws StateUnavailableError. */
export interface NoticeBox {
  /** The same once more changes nothing. */
  add(wanted: WantedNotice, now: number): Promise<void>;
  /** Takes those that are due; nobody else is given them before the lease is over. */
  claim(now: number, leaseMs: number, limit: number): Promise<[id: string, WaitingNotice][]>;
  postpone(id: string, dueAt: number): Promise<void>;
  change(id: string, waiting: WaitingNotice, dueAt: number): Promise<void>;
  remove(id: string): Promise<void>;
}

export function createNoticeBox(redis: Redis, keys: Keys): NoticeBox {
  const { notices, noticesDue } = keys;
  return {
    async add(wanted, now) {
      const id = `${wanted.report} ${wanted.client} ${wanted.target}`;
      const text = JSON.stringify({ ...wanted, since: now } satisfies WaitingNotice);
      await stateful(
        redis.multi().hsetnx(notices, id, text).zadd(noticesDue, 'NX', now, id).exec(),
      );
    },
    async claim(now, leaseMs, limit) {
      const argument = { now, leaseMs, limit };
      const found = await stateful(runScript(redis, claimNotices, [noticesDue, notices], argument));
      return found.map(([id, text]) => [id, JSON.parse(text) as WaitingNotice]);
    },
    async postpone(id, dueAt) {
      await stateful(redis.zadd(noticesDue, Math.round(dueAt), id));
    },
    async change(id, waiting, dueAt) {
      const text = JSON.stringify(waiting);
      await stateful(redis.multi().hset(notices, id, text).zadd(noticesDue, dueAt, id).exec());
    },
    async remove(id) {
      await stateful(redis.multi().hdel(notices, id).zrem(noticesDue, id).exec());
    },
  };
}

/** The reports in Redis: every read and every guarded change of a member's record set. */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Keys } from '../state/keys.ts';
import { readIndexPage } from '../state/index-page.ts';
import { runScript, type Script } from '../state/script.ts';
import type { PagePlace } from '../lib/page.ts';
import { stateful } from '../state/connection.ts';
import * as scripts from '../state/scripts/desk.ts';
import { queueState } from '../state/scripts/queue-state.ts';
import { fromFields, toFields, type StoredReport } from './record.ts';
import type { MemberQueue, ReportState } from './types.ts';

const IDEMPOTENCY_TTL_MS = 24 * 60 * 60 * 1000;

export interface Admission {
  client: string;
  record: StoredReport;
  refresh: boolean;
  mayCreate: boolean;
  idempotencyKey?: string;
  /** SHA-256 of what was asked, to tell another body under the same key. */
  bodyDigest: string;
}

export type Admitted =
  { kind: 'created' | 'joined'; id: string } | { kind: 'reused' } | { kind: 'closed' };

/** A change of a live report; `end` makes it its last. */
export interface Change {
  set?: Partial<StoredReport>;
  remove?: (keyof StoredReport)[];
  releaseSlot?: boolean;
  /** Not worth telling anybody: the record's version stays. */
  silent?: boolean;
  end?: Extract<ReportState, 'ready' | 'failed'>;
  /** Wall ms at which an ended report is due to go. */
  dueAt?: number;
}

export interface Due {
  member: string;
  id: string;
}

export interface ReportStore {
  admit(admission: Admission): Promise<Admitted>;
  /** Gives the member's slot to the next in turn. @returns its id, if the slot was free. */
  grant(member: string, now: number): Promise<string | undefined>;
  /** Takes the slot for a caller's own message. @returns whether it was free. */
  takeSlot(record: StoredReport): Promise<boolean>;
  /** Makes `run` the only one that may change the report. @returns nothing when it has ended. */
  claim(member: string, id: string, run: string): Promise<StoredReport | undefined>;
  /** @returns whether the change was made: not when another run owns the report by now. */
  update(record: StoredReport, run: string, now: number, change: Change): Promise<boolean>;
  /** Puts a report that has to start over back in turn, without the fields named. */
  requeue(record: StoredReport, run: string, now: number, remove: string[]): Promise<boolean>;
  withdraw(record: StoredReport, client: string, now: number): Promise<'withdrawn' | 'sent'>;
  expire(due: Due, now: number, forgetAt: number): Promise<'later' | 'expired' | 'forgotten'>;
  position(record: StoredReport): Promise<number>;
  queue(member: string): Promise<MemberQueue>;
  setPaused(member: string, paused: boolean): Promise<void>;
  get(id: string): Promise<StoredReport | undefined>;
  /** Ids of a member's reports, newest first, from `before` (exclusive, by time then id). */
  page(member: string, limit: number, before?: PagePlace): Promise<PagePlace[]>;
  /** Reports that were granted the slot and have not ended. */
  active(): Promise<Due[]>;
  /** Reports for which something is due, at most `limit`. */
  due(now: number, limit: number): Promise<Due[]>;
}

/**
 * @param retentionMs how long an ended report is kept.
 * @throws StateUnavailableError from every method when Redis cannot be reached.
 */
export function createReportStore(redis: Redis, keys: Keys, retentionMs: number): ReportStore {
  const run = (script: Script, member: string, ...rest: (string | number)[]) =>
    stateful(runScript(redis, script, [], [keys.prefix, member, ...rest]));

  return {
    async admit({ client, record, refresh, mayCreate, idempotencyKey, bodyDigest }) {
      const key =
        idempotencyKey === undefined ? '' : keys.idempotency(client, sha256(idempotencyKey));
      const answer = await run(
        scripts.admit,
        record.member,
        client,
        record.id,
        record.joinKey,
        refresh ? 1 : 0,
        record.processDate,
        record.createdAt,
        record.expiresAt,
        mayCreate ? 1 : 0,
        key,
        bodyDigest,
        IDEMPOTENCY_TTL_MS,
        ...toFields(record),
      );
      const [kind, id] = answer as [Admitted['kind'], string];
      return kind === 'created' || kind === 'joined' ? { kind, id } : { kind };
    },
    async grant(member, now) {
      const id = await run(scripts.grant, member, now);
      return typeof id === 'string' ? id : undefined;
    },
    async takeSlot(record) {
      const { member, id, createdAt, expiresAt } = record;
      const fields = toFields(record);
      return (await run(scripts.takeSlot, member, id, createdAt, expiresAt, ...fields)) === 1;
    },
    async claim(member, id, token) {
      return fromFields((await run(scripts.claim, member, id, token)) as string[]);
    },
    async update(record, token, now, { set = {}, remove = [], ...change }) {
      const fields = toFields(set);
      const answer = await run(
        scripts.update,
        record.member,
        record.id,
        token,
        now,
        change.releaseSlot === true ? 1 : 0,
        change.silent === true ? 0 : 1,
        change.end ?? '',
        change.dueAt ?? now + retentionMs,
        fields.length / 2,
        ...fields,
        ...remove,
      );
      return answer === 1;
    },
    async requeue({ member, id }, token, now, remove) {
      return (await run(scripts.requeue, member, id, token, now, ...remove)) === 1;
    },
    async withdraw(record, client, now) {
      const { member, id } = record;
      const answer = await run(scripts.withdraw, member, id, client, now, now + retentionMs);
      return answer === 'withdrawn' ? 'withdrawn' : 'sent';
    },
    async expire({ member, id }, now, forgetAt) {
      const answer = await run(scripts.expire, member, id, now, forgetAt);
      return answer as 'later' | 'expired' | 'forgotten';
    },
    async position(record) {
      return Number(await run(scripts.position, record.member, record.id));
    },
    async queue(member) {
      const answer = (await run(queueState, member)) as (string | number)[];
      const [length, oldestAt, holder, since, paused, preparing] = answer;
      return {
        length: Number(length),
        preparing: Number(preparing),
        paused: paused === 1,
        ...(oldestAt !== '' && { oldestAt: Number(oldestAt) }),
        ...(holder !== '' && { slot: { holder: String(holder), since: Number(since) } }),
      };
    },
    async setPaused(member, paused) {
      const key = keys.paused(member);
      if (paused) await stateful(redis.set(key, '1'));
      else await stateful(redis.del(key));
    },
    async get(id) {
      return fromFields(await stateful(redis.hgetall(keys.report(id))));
    },
    page: (member, limit, before) =>
      readIndexPage(redis, keys.reportIndex(member), { limit, before }),
    async active() {
      return (await stateful(redis.smembers(keys.activeReports))).map(parseDue);
    },
    async due(now, limit) {
      const found = await stateful(
        redis.zrangebyscore(keys.reportExpiry, '-inf', now, 'LIMIT', 0, limit),
      );
      return found.map(parseDue);
    },
  };
}

function parseDue(text: string): Due {
  const [member = '', id = ''] = text.split(' ');
  return { member, id };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

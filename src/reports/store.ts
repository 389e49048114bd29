/** The reports in Redis: every read and every guarded change of a member's record set. */
import type { Redis } from 'ioredis';
import { defined } from '../lib/defined.ts';
import type { Keys } from '../state/keys.ts';
import { readIndexPage } from '../state/index-page.ts';
import { runScript, type Script } from '../state/script.ts';
import type { PagePlace } from '../lib/page.ts';
import { stateful } from '../state/connection.ts';
import * as scripts from '../state/scripts/desk.ts';
import type { OfMember, RunDeskScript } from '../state/scripts/desk.ts';
import { createAdmission, toAround, type Asks } from './admission.ts';
import { createDurations, DURATIONS_KEPT, type Durations } from './durations.ts';
import { fromFields, toFields, type Around, type StoredReport } from './record.ts';
import type { MemberQueue, ReportState } from './types.ts';

/** A change of a live report; `end` makes it its last. */
export interface Change {
  set?: Partial<StoredReport>;
  remove?: (keyof StoredReport)[];
  releaseSlot?: boolean;
  /** A slot that this gives back goes to the next in turn. */
  grantsNext?: boolean;
  /** Not worth telling anybody: the record's version stays. */
  silent?: boolean;
  end?: Extract<ReportState, 'ready' | 'failed'>;
  /** Wall ms at which an ended report is due to go. */
  dueAt?: number;
  /** How long a report took from its turn to its end, and MKS to make it: what others are estimated by. */
  took?: { durationMs: number; preparationMs?: number };
}

/** A change that was made. */
export interface Updated {
  /** The report that was given the slot, if one was. */
  granted?: string;
}

/** What tells which report an ask is joined to. */
export interface JoinableAsk {
  member: string;
  joinKey: string;
  processDate: string;
}

/** What a run begins with. */
export interface ClaimedReport extends StoredReport {
  /** How long MKS took to make the member's last reports, in milliseconds, the newest first. */
  preparations: readonly number[];
}

export interface Due {
  member: string;
  id: string;
}

/** The member's one slot at MKS, and who is in turn for it. */
interface Turns {
  /** Gives the member's slot to the next in turn. @returns its id, if the slot was free. */
  grant(member: string, now: number): Promise<string | undefined>;
  /** Those of the members whose slot may be free while somebody is in turn for it. */
  idle(members: readonly string[]): Promise<string[]>;
  /** Takes the slot for a caller's own message. @returns whether it was free. */
  takeSlot(record: StoredReport): Promise<boolean>;
  /** What surrounds a queued report. */
  around(record: StoredReport): Promise<Around>;
  queue(member: string): Promise<MemberQueue>;
  setPaused(member: string, paused: boolean): Promise<void>;
}

/** What a run, the only one of its report, changes up to the report's end. */
interface Runs {
  /** Makes `run` the only one that may change the report. @returns nothing when it has ended. */
  claim(member: string, id: string, run: string): Promise<ClaimedReport | undefined>;
  /** @returns nothing when the change was not made: another run owns the report by now. */
  update(
    record: StoredReport,
    run: string,
    now: number,
    change: Change,
  ): Promise<Updated | undefined>;
  /** Puts a report that has to start over back in turn, without the fields named. */
  requeue(record: StoredReport, run: string, now: number, remove: string[]): Promise<boolean>;
  expire(due: Due, now: number, forgetAt: number): Promise<'later' | 'expired' | 'forgotten'>;
}

interface Lists {
  get(id: string): Promise<StoredReport | undefined>;
  /**
   * Ids of a member's reports, of all or of those in one state, newest first, from `before`
   * (exclusive, by time then id).
   */
  page(
    member: string,
    limit: number,
    before?: PagePlace,
    state?: ReportState,
  ): Promise<PagePlace[]>;
  /** The id of the report that asks with this join key are joined to, if there is one. */
  joined(member: string, joinKey: string): Promise<string | undefined>;
  /** The ready reports that asks like these are joined to, each in the place of its ask: one read. */
  readyJoins(asks: readonly JoinableAsk[], now: number): Promise<(StoredReport | undefined)[]>;
  /** Reports that were granted the slot and have not ended. */
  active(): Promise<Due[]>;
  /** Reports for which something is due, at most `limit`. */
  due(now: number, limit: number): Promise<Due[]>;
}

export type ReportStore = Asks & Turns & Runs & Durations & Lists;

/**
 * @param retentionMs how long an ended report is kept.
 * @throws StateUnavailableError from every method when Redis cannot be reached.
 */
export function createReportStore(redis: Redis, keys: Keys, retentionMs: number): ReportStore {
  const run: RunDeskScript = <Argument extends OfMember, Answer>(
    script: Script<Argument, Answer>,
    argument: Omit<Argument, 'names'>,
  ) => {
    const names = keys.desk(argument.member);
    return stateful(runScript(redis, script, [], { names, ...argument } as Argument));
  };
  return {
    ...createAdmission(run, keys, retentionMs),
    ...turns(run, redis, keys),
    ...runs(run, retentionMs),
    ...createDurations(redis, keys),
    ...lists(run, redis, keys),
  };
}

function turns(run: RunDeskScript, redis: Redis, keys: Keys): Turns {
  return {
    async grant(member, now) {
      return (await run(scripts.grant, { member, now })) ?? undefined;
    },
    idle(members) {
      const named = members.map((member) => {
        const { ring, slot } = keys.desk(member);
        return { member, ring, slot };
      });
      const argument = { report: keys.report(''), members: named };
      return stateful(runScript(redis, scripts.idle, [], argument));
    },
    async takeSlot(record) {
      const { member, id, createdAt, expiresAt } = record;
      const fields = toFields(record);
      return (await run(scripts.takeSlot, { member, id, now: createdAt, expiresAt, fields })) === 1;
    },
    async around({ member, id }) {
      return toAround(await run(scripts.around, { member, id }));
    },
    async queue(member) {
      const answer = await run(scripts.queue, { member });
      const [length, oldestAt, holder, since, paused, preparing] = answer;
      return {
        length,
        preparing,
        paused: paused === 1,
        ...defined({
          oldestAt: oldestAt === '' ? undefined : Number(oldestAt),
          slot: holder === '' ? undefined : { holder, since: Number(since) },
        }),
      };
    },
    async setPaused(member, paused) {
      const key = keys.paused(member);
      if (paused) await stateful(redis.set(key, '1'));
      else await stateful(redis.del(key));
    },
  };
}

function runs(run: RunDeskScript, retentionMs: number): Runs {
  return {
    async claim(member, id, token) {
      const [fields, preparations] = await run(scripts.claim, { member, id, run: token });
      const record = fromFields(fields);
      return record && { ...record, preparations: preparations.map(Number) };
    },
    async update({ member, id }, token, now, { set = {}, remove = [], ...change }) {
      const [isDone, granted] = await run(scripts.update, {
        member,
        id,
        run: token,
        now,
        releaseSlot: change.releaseSlot ?? false,
        grantsNext: change.grantsNext ?? false,
        silent: change.silent ?? false,
        ...defined({ endState: change.end }),
        dueAt: change.dueAt ?? now + retentionMs,
        ...defined({ ...change.took }),
        kept: DURATIONS_KEPT,
        set: toFields(set),
        remove,
      });
      if (isDone === 0) return undefined;
      return granted === '' ? {} : { granted };
    },
    async requeue({ member, id }, token, now, remove) {
      return (await run(scripts.requeue, { member, id, run: token, now, remove })) === 1;
    },
    expire: ({ member, id }, now, forgetAt) => run(scripts.expire, { member, id, now, forgetAt }),
  };
}

function lists(run: RunDeskScript, redis: Redis, keys: Keys): Lists {
  return {
    async get(id) {
      return fromFields(await stateful(redis.hgetall(keys.report(id))));
    },
    async page(member, limit, before, state) {
      if (state === undefined) {
        return readIndexPage(redis, keys.reportIndex(member), { limit, before });
      }
      // Of what 0.1.0 has left, this makes the lists by state.
      await run(scripts.queue, { member });
      return readIndexPage(redis, keys.reportsInState(member, state), { limit, before });
    },
    async joined(member, joinKey) {
      return (await stateful(redis.hget(keys.desk(member).joins, joinKey))) ?? undefined;
    },
    async readyJoins(asks, now) {
      const found = await stateful(
        runScript(redis, scripts.readyJoins, [], {
          report: keys.report(''),
          now,
          asks: asks.map(({ member, ...ask }) => ({ ...ask, joins: keys.desk(member).joins })),
        }),
      );
      return found.map(fromFields);
    },
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

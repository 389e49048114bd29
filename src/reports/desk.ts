/**
 * The report desk: many askers, one slot a member at MKS, nothing lost.
 *
 * It accepts asks (joining those that want the same), gives the slot in turn, tells what becomes
 * of a report, and opens what is ready.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { defined } from '../lib/defined.ts';
import type { Clock } from '../lib/clock.ts';
import { hoursOf, type ServiceHours } from '../mks/hours.ts';
import { balanceReport } from '../mks/services/catalogue.ts';
import type { Mks } from '../mks/types.ts';
import type { Keys } from '../state/keys.ts';
import type { Sealer } from '../state/sealing.ts';
import { createFetcher } from './fetcher.ts';
import { watchReports } from './follow.ts';
import { createJobs } from './life/jobs.ts';
import { listReports } from './list.ts';
import { createOpener } from './opener.ts';
import { createPassThrough, type PassThrough } from './pass-through.ts';
import { hasEnded, toReport, type StoredReport } from './record.ts';
import { runReport } from './life/run.ts';
import { createReportSecrets } from './secrets.ts';
import { createSpool } from './spool/spool.ts';
import { createReportStore, type Due } from './store.ts';
import { createSweeper } from './life/sweeper.ts';
import type { Desk, Filters, Report, ReportAsk } from './types.ts';
import { createWakeUps } from './wake-ups.ts';
import { tellEnds, type ReportEnd } from './told-ends.ts';

export interface DeskDeps {
  mks: Mks;
  hours: ServiceHours;
  members: () => readonly string[];
  redis: { commands: Redis; blocking: Redis; subscriber: Redis };
  keys: Keys;
  sealer: Sealer;
  clock: Clock;
  log: Logger;
  options: {
    /** Folder of the sealed files; made when missing. */
    spoolFolder: string;
    fileType: 'json' | 'csv';
    statusPollMs: number;
    requestTimeoutMs: number;
    retentionMs: number;
    fileMaxBytes: number;
  };
  /** Told of each report that ends here, once. */
  onReportEnd?: (end: ReportEnd) => void;
}

/** @returns the desk, and the way for callers' own messages, which share the members' slots. */
export async function createDesk(
  deps: DeskDeps,
): Promise<{ desk: Desk; passThrough: PassThrough }> {
  const { mks, keys, redis, clock, log, options } = deps;
  const hours = hoursOf(balanceReport, deps.hours);
  const store = tellEnds(createReportStore(redis.commands, keys, options.retentionMs), (end) =>
    deps.onReportEnd?.(end),
  );
  const spool = await createSpool(options.spoolFolder);
  const secrets = createReportSecrets(deps.sealer);
  const wakeUps = createWakeUps(redis.subscriber, keys);
  const fetcher = createFetcher({ mks, spool, secrets, ...options });
  const opener = createOpener({ store, spool, secrets, fetcher, clock, log, ...options });

  const leftToSweeper = (error: unknown): void => log.debug({ err: error }, 'left to the sweeper');
  const onSlotFree = (member: string): void => {
    schedule(member).catch(leftToSweeper);
  };
  const run = { store, mks, fetcher, secrets, clock, log, options, onSlotFree };
  const jobs = createJobs({
    connections: redis,
    keys,
    log,
    // What is left of a member that was taken out waits for its return, or expires.
    work: async (due, stops) =>
      deps.members().includes(due.member) ? runReport(run, due, stops) : undefined,
  });

  async function schedule(member: string): Promise<void> {
    if (!hours.isOpen()) return;
    const id = await store.grant(member, clock.now());
    if (id !== undefined) await jobs.add({ member, id });
  }
  const sweeper = createSweeper({
    store,
    members: deps.members,
    schedule,
    resume: (due: Due) => jobs.add(due),
    onExpired: (id) => spool.remove(id),
    // A report whose files have just been put in place is still being prepared.
    sweepSpool: () =>
      spool.sweep(async (id) =>
        ['preparing', 'ready'].includes((await store.get(id))?.state ?? ''),
      ),
    now: () => clock.now(),
    retentionMs: options.retentionMs,
    log,
  });

  async function view(record: StoredReport): Promise<Report> {
    if (hasEnded(record.state)) return toReport(record);
    const now = clock.now();
    const isQueued = record.state === 'queued';
    const startsAt = isQueued && !hours.isOpen(now) ? hours.opensAt(now) : undefined;
    const [position, durations, isPaused] = await Promise.all([
      isQueued ? store.position(record) : undefined,
      store.durations(record.member),
      isQueued && record.granted === undefined ? store.isPaused(record.member) : false,
    ]);
    return toReport(record, { now, durations, isPaused, ...defined({ position, startsAt }) });
  }
  async function get(id: string): Promise<Report | undefined> {
    const record = await store.get(id);
    return record?.kind === 'report' ? view(record) : undefined;
  }
  /** A ready report that no key here opens is no answer to anybody. */
  async function isUnreadable(id: string): Promise<boolean> {
    const record = await store.get(id);
    const hasRows = record?.state === 'ready' && (record.files?.length ?? 0) > 0;
    return hasRows && !secrets.canOpen(record);
  }
  const watch = watchReports({ get, wakeUps, clock });

  const desk: Desk = {
    async request(ask) {
      const record = newRecord(ask, clock.now(), options.retentionMs);
      record.secret = secrets.make(ask.member, record.id);
      const isOpen = hours.isOpen();
      const admit = (refresh: boolean) =>
        store.admit({
          client: ask.client,
          record,
          refresh,
          mayCreate: isOpen || ask.acceptOutsideHours,
          bodyDigest: digest([ask.member, ask.processDate, canonical(ask.filters), ask.refresh]),
          ...defined({ idempotencyKey: ask.idempotencyKey }),
        });
      let admitted = await admit(ask.refresh);
      if (admitted.kind === 'joined' && (await isUnreadable(admitted.id))) {
        admitted = await admit(true);
      }
      if (admitted.kind === 'reused') return { kind: 'idempotency-key-reused' };
      if (admitted.kind === 'closed') {
        return { kind: 'closed', opensAt: hours.opensAt() ?? clock.now() };
      }
      // It is accepted; should the slot not be given now, the sweeper gives it.
      if (admitted.kind === 'created') await schedule(ask.member).catch(leftToSweeper);
      const report = await get(admitted.id);
      if (report === undefined) throw new Error('an admitted report has no record');
      return { kind: 'report', report };
    },
    get,
    list: (query) => listReports({ store, view }, query),
    waitForEnd: watch.waitForEnd,
    follow: watch.follow,
    async withdraw(id, client) {
      const record = await store.get(id);
      if (record === undefined) return 'withdrawn';
      const answer = await store.withdraw(record, client, clock.now());
      onSlotFree(record.member);
      return answer;
    },
    openRows: opener.openRows,
    openFile: opener.openFile,
    queue: (member) => store.queue(member),
    pause: (member) => store.setPaused(member, true),
    async resume(member) {
      await store.setPaused(member, false);
      await schedule(member).catch(leftToSweeper);
    },
    async close(deadlineMs) {
      sweeper.close();
      wakeUps.close();
      await jobs.close(deadlineMs);
    },
  };
  const passThrough = createPassThrough({
    mks,
    store,
    clock,
    log,
    onSlotFree,
    resume: (due) => jobs.add(due),
    requestTimeoutMs: options.requestTimeoutMs,
    retentionMs: options.retentionMs,
  });
  return { desk, passThrough };
}

function newRecord(ask: ReportAsk, now: number, retentionMs: number): StoredReport {
  return {
    id: randomUUID(),
    kind: 'report',
    client: ask.client,
    member: ask.member,
    processDate: ask.processDate,
    filters: ask.filters,
    joinKey: digest([ask.processDate, canonical(ask.filters)]),
    state: 'queued',
    phase: 'request',
    version: 1,
    createdAt: now,
    updatedAt: now,
    expiresAt: now + retentionMs,
    attempts: 0,
    pauses: 0,
    damaged: 0,
  };
}

function canonical(filters: Filters): [string, string][] {
  return Object.entries(filters).toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function digest(parts: unknown): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

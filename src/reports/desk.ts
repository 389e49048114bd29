/**
 * The report desk: many askers, one slot a member at MKS, nothing lost.
 *
 * It accepts asks (joining those that want the same), gives the slot in turn, tells what becomes
 * of a report, and opens what is ready.
 */
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { Clock } from '../lib/clock.ts';
import { hoursOf, type ServiceHours } from '../mks/hours.ts';
import { balanceReport } from '../mks/services/catalogue.ts';
import type { Mks } from '../mks/types.ts';
import type { Keys } from '../state/keys.ts';
import type { Sealer } from '../state/sealing.ts';
import { createAsking } from './asking.ts';
import { createFindReady } from './find-ready.ts';
import { createFetcher } from './fetcher.ts';
import { createFollowing } from './follow.ts';
import { createTurns } from './life/turns.ts';
import { listReports } from './list.ts';
import { createOpener } from './opener.ts';
import { createPassThrough, type PassThrough } from './pass-through.ts';
import { createReportSecrets } from './secrets.ts';
import { createSpool } from './spool/spool.ts';
import { createReportStore } from './store.ts';
import type { Desk, ShutOff } from './types.ts';
import { createViews } from './view.ts';
import { createWakeUps } from './wake-ups.ts';
import { tellEnds, type ReportEnd } from './told-ends.ts';

export interface DeskDeps {
  mks: Mks;
  hours: ServiceHours;
  members: () => readonly string[];
  shutOff: ShutOff;
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
  const { mks, members, shutOff, keys, redis, clock, log, options } = deps;
  const { requestTimeoutMs, retentionMs } = options;
  const hours = hoursOf(balanceReport, deps.hours);
  const store = tellEnds(createReportStore(redis.commands, keys, retentionMs), (end) =>
    deps.onReportEnd?.(end),
  );
  const spool = await createSpool(options.spoolFolder);
  const secrets = createReportSecrets(deps.sealer);
  const wakeUps = createWakeUps(redis.subscriber, keys);
  const fetcher = createFetcher({ mks, spool, secrets, ...options });
  const opener = createOpener({ store, spool, secrets, fetcher, clock, log, ...options });
  const turns = createTurns({
    run: { store, mks, fetcher, secrets, shutOff, clock, log, options },
    connections: redis,
    keys,
    hours,
    members,
    spool,
  });
  const { offerSlot, resume } = turns;
  const views = createViews({ store, hours, clock });
  const { get } = views;
  const following = createFollowing({ get, wakeUps, clock });
  const asking = createAsking({
    store,
    secrets,
    hours,
    clock,
    views,
    offerSlot,
    shutOff,
    retentionMs,
  });

  const desk: Desk = {
    ...asking,
    get,
    list: (query) => listReports({ store, view: views.view }, query),
    ...following,
    ...opener,
    findReady: createFindReady(store, get),
    queue: (member) => store.queue(member),
    pause: (member) => store.setPaused(member, true),
    async resume(member) {
      await store.setPaused(member, false);
      await offerSlot(member);
    },
    wake: () => turns.wake(),
    async close(deadlineMs) {
      wakeUps.close();
      await turns.close(deadlineMs);
    },
  };
  const passThrough = createPassThrough({
    mks,
    store,
    shutOff,
    clock,
    log,
    onSlotFree: (member) => void offerSlot(member),
    resume,
    requestTimeoutMs,
    retentionMs,
  });
  return { desk, passThrough };
}

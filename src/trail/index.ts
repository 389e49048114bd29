/**
 * The access trail: who did what to which member, date and report, on disk before any row leaves.
 *
 * Lines stand in files of DATA_DIR/trail that are only ever added to, one chain a replica. It proves
 * what it says to whoever holds the files and a checkpoint (docs/en/trail.md).
 */
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import { VERSION } from '../lib/version.ts';
import type { Clock } from '../lib/clock.ts';
import { createLimiter } from '../lib/limiter.ts';
import type { Page } from '../lib/page.ts';
import { within } from '../lib/within.ts';
import type { Act } from './act.ts';
import { createCheckpoints, type SignCheckpoint } from './checkpoints.ts';
import { createChainKeeper } from './keeper.ts';
import { readTrailPage, type TrailEntry, type TrailQuery } from './list.ts';
import { createRetention } from './retention.ts';
import type { StampSource } from './stamps/index.ts';
import { createTrailWriter } from './writer.ts';

export type { Act, Action } from './act.ts';
export type { TrailEntry, TrailQuery } from './list.ts';
export type { StampSource } from './stamps/index.ts';
export { CHECKPOINT_TYPE } from './checkpoints.ts';

export interface Trail {
  /**
   * Writes acts down, with one write.
   * @returns resolves when their lines are on disk.
   * @throws TrailUnavailableError: nothing may leave then.
   */
  record(...acts: readonly Act[]): Promise<void>;
  /**
   * Passes at once while acts are being written down, else looks as `look` does: for what should not
   * even be begun unseen.
   * @throws TrailUnavailableError.
   */
  ready(): Promise<void>;
  /** Looks whether acts can be written down, and mends what can be mended. @throws TrailUnavailableError. */
  look(): Promise<void>;
  /**
   * The trail's lines of all replicas that share the folder, newest first.
   * @throws CursorError for a cursor that is none of its own.
   */
  list(query: TrailQuery): Promise<Page<TrailEntry>>;
  /** How many checkpoints wait for their time stamp. */
  unstamped(): number;
  /** Writes what waits, the end and a checkpoint, for `timeoutMs` at most. */
  close(timeoutMs: number): Promise<void>;
}

interface TrailDeps {
  /** How many days a file is kept after its own; 0: for ever. */
  retentionDays: number;
  /** Signs checkpoints with a member's key; without it there are none. */
  sign?: SignCheckpoint;
  /** Who stamps them; without it nobody does. */
  stampSource?: StampSource;
  folder: string;
  /** Where this replica listens, e.g. `127.0.0.1:3000`. */
  replica: string;
  clock: Clock;
  log: Logger;
}

/** A page reads a block of each chain of a day. */
const PAGES_AT_ONCE = 2;
/** Of the time for closing: a stamp that comes later is the next start's. */
const LAST_STAMP_SHARE = 1 / 3;

const AT_ONCE = Promise.resolve();

/** Opens the trail; where that fails it is tried again at the next act or look. */
export async function openTrail(deps: TrailDeps): Promise<Trail> {
  const { folder, replica, retentionDays: days, sign, stampSource: source, clock, log } = deps;
  const identity = { version: VERSION, host: hostname(), replica };
  const keeper = createChainKeeper({ folder, identity, clock, log });
  const writer = createTrailWriter(keeper);
  const reading = createLimiter(PAGES_AT_ONCE);
  const record = (...acts: readonly Act[]): Promise<void> => writer.append(...acts);
  await record({ action: 'started', end: 'done' }).catch(() => undefined);
  // Few have an authority, and what reads its answers would make each start longer.
  const stamps =
    source &&
    (await import('./stamps/index.ts')).createStamps({ folder, source, writer, clock, log });
  const onMade = (jws: string): void => stamps?.add(jws);
  const checkpoints = sign && createCheckpoints({ keeper, writer, sign, onMade, clock, log });
  const retention = createRetention({ folder, days, keeper, writer, clock, log });
  await retention.letGo().catch((error: unknown) => {
    log.warn({ err: error }, 'old files of the access trail could not be let go of');
  });
  return {
    record,
    ready: () => (keeper.isWriting() ? AT_ONCE : writer.look()),
    look: () => writer.look(),
    list: (query) => reading(() => readTrailPage(folder, query)),
    unstamped: () => stamps?.waiting() ?? 0,
    async close(timeoutMs) {
      const closing = async (): Promise<void> => {
        await record({ action: 'stopped', end: 'done' }).catch(() => undefined);
        checkpoints?.close();
        retention.close();
        await checkpoints?.make().catch((error: unknown) => {
          log.warn({ err: error }, 'the access trail ends without a checkpoint');
        });
        await stamps?.close(timeoutMs * LAST_STAMP_SHARE);
        await writer.close();
      };
      await within(timeoutMs, closing()).catch(() => undefined);
    },
  };
}

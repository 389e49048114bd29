/**
 * Notices that callers ask for with `notify`: their report has ended.
 *
 * They lie in Redis from before the ask is answered until they are taken, each replica looks for those that are due, and
 * a replica that dies with one leaves it to the next when its lease is over: so each comes at least once.
 */
import type { Logger } from 'pino';
import type { NoticeTarget } from '../config/notice-targets.ts';
import type { Clock } from '../lib/clock.ts';
import { toIstanbulTimestamp } from '../lib/dates.ts';
import { defined } from '../lib/defined.ts';
import { createLimiter } from '../lib/limiter.ts';
import { hasEnded } from '../reports/record.ts';
import type { Desk, Report } from '../reports/types.ts';
import { StateUnavailableError } from '../state/errors.ts';
import type { Notice } from './days.ts';
import type { NoticeBox, WaitingNotice, WantedNotice } from './notice-box.ts';
import type { NoticeSender } from './notices.ts';
import { afterTry, newNotice, tellEnd } from './outbox.ts';

export interface CallerNotices {
  /** Resolves when it will be sent whatever dies; the same once more changes nothing. @throws StateUnavailableError. */
  want(wanted: WantedNotice): Promise<void>;
  close(): void;
}

interface CallerNoticeDeps {
  box: NoticeBox;
  desk: Pick<Desk, 'get'>;
  sender: NoticeSender;
  /** The client's target of that name, if it still has one. */
  targetOf: (client: string, target: string) => NoticeTarget | undefined;
  clock: Clock;
  log: Logger;
}

const LOOK_MS = 2_000;
/** Longer than a try can take. */
const LEASE_MS = 30_000;
const AT_ONCE = 8;
const CLAIMED = 64;
/** Of what its report holds up: a twentieth of its age until then, within these. */
const FIRST_PAUSE_MS = 2_000;
const LAST_PAUSE_MS = 10_000;

export function createCallerNotices(deps: CallerNoticeDeps): CallerNotices {
  const { box, clock, log } = deps;
  const sending = createLimiter(AT_ONCE);
  let isLooking = false;

  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    try {
      const claimed = await box.claim(clock.now(), LEASE_MS, CLAIMED);
      await Promise.all(claimed.map(([id, waiting]) => sending(() => attempt(deps, id, waiting))));
    } catch (error) {
      // Redis away is told by its connection; the lease brings what was left.
      if (!(error instanceof StateUnavailableError)) log.error({ err: error }, 'notices failed');
    } finally {
      isLooking = false;
    }
  }
  const timer = setInterval(() => void look(), LOOK_MS).unref();
  return {
    want: (wanted) => box.add(wanted, clock.now()),
    close: () => clearInterval(timer),
  };
}

/** One try, or the pause until its report has ended. */
async function attempt(deps: CallerNoticeDeps, id: string, waiting: WaitingNotice): Promise<void> {
  const { box, clock, log } = deps;
  const { client, target: name, report: reportId, since } = waiting;
  const report = await deps.desk.get(reportId);
  if (report !== undefined && !hasEnded(report.state)) {
    const ageMs = clock.now() - since;
    const pauseMs = Math.max(FIRST_PAUSE_MS, Math.min(LAST_PAUSE_MS, ageMs / 20));
    return box.postpone(id, clock.now() + pauseMs);
  }
  const about = { client, target: name, report: reportId };
  const target = deps.targetOf(client, name);
  if (target === undefined || report === undefined) {
    log.warn(about, 'a notice has nobody to go to, or nothing to tell');
    return box.remove(id);
  }
  const notice = waiting.notice ?? endNotice(report, clock.now());
  const next = afterTry(notice, await deps.sender.send(target, notice), clock.now());
  if (next.state === 'waiting') return box.change(id, { ...waiting, notice: next }, next.nextAt);
  tellEnd(log, next, about);
  return box.remove(id);
}

/** Ids and counts, never a balance. */
function endNotice(report: Report, now: number): Notice {
  const { id, member, processDate, state, rowCount, failure } = report;
  const body = {
    type: `balances.${state}`,
    timestamp: toIstanbulTimestamp(now),
    data: {
      report: id,
      member,
      processDate,
      ...defined({ rows: rowCount, problem: failure && `/problems/${failure.code}` }),
    },
  };
  return newNotice(body, now);
}

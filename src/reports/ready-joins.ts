/**
 * The way of an ask that a ready report answers: one read of Redis, for all who ask in the same turn.
 *
 * What is remembered is only which asks were answered so before. Which report it is, and whether there still
 * is one, Redis says each time: another replica may have made a new one, and each expires.
 */
import { LRUCache } from 'lru-cache';
import type { Clock } from '../lib/clock.ts';
import { gatheredOnce } from '../lib/gathered.ts';
import { toReport } from './record.ts';
import type { ReportSecrets } from './secrets.ts';
import type { JoinableAsk, ReportStore } from './store.ts';
import type { Report } from './types.ts';

/** About a megabyte. Who is forgotten, or was never known, goes the long way once. */
const REMEMBERED = 10_000;

export interface ReadyJoins {
  /**
   * The report that answers the ask, if one did before and one does now.
   * @throws StateUnavailableError.
   */
  find(ask: JoinableAsk): Promise<Report | undefined>;
  /** A ready report has answered the ask. */
  note(ask: JoinableAsk): void;
}

export function createReadyJoins(deps: {
  store: Pick<ReportStore, 'readyJoins'>;
  secrets: Pick<ReportSecrets, 'canOpen'>;
  clock: Clock;
}): ReadyJoins {
  const { store, secrets, clock } = deps;
  const known = new LRUCache<string, true>({ max: REMEMBERED });

  const look = gatheredOnce(nameOf, async (asks: readonly JoinableAsk[]) => {
    const records = await store.readyJoins(asks, clock.now());
    // One that no key here opens is no answer to anybody.
    return records.map((record) => record && secrets.canOpen(record) && toReport(record));
  });

  return {
    async find(ask) {
      const name = nameOf(ask);
      if (known.get(name) === undefined) return undefined;
      const report = await look(ask);
      if (report) return report;
      known.delete(name);
      return undefined;
    },
    note: (ask) => void known.set(nameOf(ask), true),
  };
}

function nameOf({ member, joinKey }: JoinableAsk): string {
  return `${member} ${joinKey}`;
}

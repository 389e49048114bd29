/** The ready report that holds the balances of a day. */
import type { PagePlace } from '../lib/page.ts';
import { joinKeyOf } from './join-key.ts';
import type { ReportStore } from './store.ts';
import type { StoredReport } from './record.ts';
import type { Desk, Report } from './types.ts';

/** How many of a member's ready reports are looked through at a time. */
const PAGE = 200;

export function createFindReady(
  store: Pick<ReportStore, 'get' | 'joined' | 'page'>,
  get: (id: string) => Promise<Report | undefined>,
): Desk['findReady'] {
  /** When the one that is joined is not ready: a fresh one was asked for beside one that is. */
  async function newestReady(member: string, joinKey: string): Promise<StoredReport | undefined> {
    let before: PagePlace | undefined;
    do {
      const page = await store.page(member, PAGE, before, 'ready');
      for (const { id } of page) {
        const record = await store.get(id);
        if (record?.state === 'ready' && record.joinKey === joinKey) return record;
      }
      before = page.length < PAGE ? undefined : page.at(-1);
    } while (before !== undefined);
    return undefined;
  }

  return async (wanted) => {
    const joinKey = joinKeyOf(wanted);
    const joined = await store.joined(wanted.member, joinKey);
    const record = joined === undefined ? undefined : await store.get(joined);
    const found = record?.state === 'ready' ? record : await newestReady(wanted.member, joinKey);
    return found && get(found.id);
  };
}

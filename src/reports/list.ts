/** Reports of several members, newest first, page by page. */
import { newestFirst, parseCursor, toCursor, type Page, type PagePlace } from '../lib/page.ts';
import type { StoredReport } from './record.ts';
import type { ReportStore } from './store.ts';
import type { Desk, Report } from './types.ts';

const ID = /^[0-9a-f-]{36}$/;
/** A page with a filter looks at no more records than this; the cursor goes on from there. */
const MAX_READ = 1_000;

/**
 * @throws CursorError for a cursor that this function did not make.
 */
export async function listReports(
  deps: { store: ReportStore; view: (record: StoredReport) => Promise<Report> },
  { members, state, limit, cursor }: Parameters<Desk['list']>[0],
): Promise<Page<Report>> {
  const items: Report[] = [];
  let before = cursor === undefined ? undefined : parseCursor(cursor, ID);
  for (let read = 0; read < MAX_READ;) {
    const batch = await newest(deps.store, members, limit, before);
    for (const [index, place] of batch.entries()) {
      const record = await deps.store.get(place.id);
      before = place;
      read += 1;
      if (record === undefined || (state !== undefined && record.state !== state)) continue;
      items.push(await deps.view(record));
      if (items.length < limit) continue;
      const isEnd = index === batch.length - 1 && batch.length < limit;
      return isEnd ? { items } : { items, nextCursor: toCursor(place) };
    }
    if (batch.length < limit) return { items };
  }
  return before === undefined ? { items } : { items, nextCursor: toCursor(before) };
}

async function newest(
  store: ReportStore,
  members: readonly string[],
  limit: number,
  before?: PagePlace,
): Promise<PagePlace[]> {
  const pages = await Promise.all(members.map((member) => store.page(member, limit, before)));
  return pages.flat().toSorted(newestFirst).slice(0, limit);
}

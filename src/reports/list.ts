/** Reports of several members, newest first, page by page; a page costs what is on it. */
import { defined } from '../lib/defined.ts';
import { newestFirst, parseCursor, toCursor, type Page, type PagePlace } from '../lib/page.ts';
import type { StoredReport } from './record.ts';
import type { ReportStore } from './store.ts';
import type { Desk, Report, ReportState } from './types.ts';

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
  const found: StoredReport[] = [];
  const page = async (last?: PagePlace): Promise<Page<Report>> => {
    const nextCursor = last === undefined ? undefined : toCursor(last);
    return { items: await Promise.all(found.map(deps.view)), ...defined({ nextCursor }) };
  };
  let before = cursor === undefined ? undefined : parseCursor(cursor, ID);
  for (let read = 0; read < MAX_READ;) {
    const batch = await newest(deps.store, members, limit, before, state);
    const records = await Promise.all(batch.map(({ id }) => deps.store.get(id)));
    for (const [index, place] of batch.entries()) {
      const record = records[index];
      before = place;
      read += 1;
      if (record === undefined || (state !== undefined && record.state !== state)) continue;
      found.push(record);
      if (found.length < limit) continue;
      const isEnd = index === batch.length - 1 && batch.length < limit;
      return page(isEnd ? undefined : place);
    }
    if (batch.length < limit) return page();
  }
  return page(before);
}

async function newest(
  store: ReportStore,
  members: readonly string[],
  limit: number,
  before?: PagePlace,
  state?: ReportState,
): Promise<PagePlace[]> {
  const pages = await Promise.all(
    members.map((member) => store.page(member, limit, before, state)),
  );
  return pages.flat().toSorted(newestFirst).slice(0, limit);
}

/** Reports of several members, newest first, page by page. */
import type { StoredReport } from './record.ts';
import { isOlder, type Cursor, type ReportStore } from './store.ts';
import type { Desk, Report, ReportPage } from './types.ts';

/** A page with a filter looks at no more records than this; the cursor goes on from there. */
const MAX_READ = 1_000;

/**
 * @throws RangeError for a cursor that this function did not make.
 */
export async function listReports(
  deps: { store: ReportStore; view: (record: StoredReport) => Promise<Report> },
  { members, state, limit, cursor }: Parameters<Desk['list']>[0],
): Promise<ReportPage> {
  const items: Report[] = [];
  let before = cursor === undefined ? undefined : parseCursor(cursor);
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
      return isEnd ? { items } : { items, nextCursor: formatCursor(place) };
    }
    if (batch.length < limit) return { items };
  }
  return before === undefined ? { items } : { items, nextCursor: formatCursor(before) };
}

async function newest(
  store: ReportStore,
  members: readonly string[],
  limit: number,
  before?: Cursor,
): Promise<Cursor[]> {
  const pages = await Promise.all(members.map((member) => store.page(member, limit, before)));
  return pages
    .flat()
    .toSorted((one, other) => (isOlder(one, other) ? 1 : -1))
    .slice(0, limit);
}

function formatCursor(place: Cursor): string {
  return Buffer.from(`${place.createdAt} ${place.id}`).toString('base64url');
}

function parseCursor(text: string): Cursor {
  const match = /^(\d{1,16}) ([0-9a-f-]{36})$/.exec(Buffer.from(text, 'base64url').toString());
  if (match === null) throw new RangeError('not a cursor');
  return { createdAt: Number(match[1]), id: match[2] ?? '' };
}

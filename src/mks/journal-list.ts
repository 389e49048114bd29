/** The journal of several members as one list, newest first, page by page. */
import type { JournalEntry } from './journal-entry.ts';
import {
  isOlder,
  type Cursor,
  type JournalStore,
  type Place,
  type TimeRange,
} from './journal-store.ts';

export interface JournalQuery extends TimeRange {
  members: readonly string[];
  senderReference?: string;
  limit: number;
  cursor?: string;
}

export interface JournalPage {
  items: JournalEntry[];
  nextCursor?: string;
}

/** A page ends early when its answers are so long; an answer has up to 1 MiB. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;
/** How many entries are in memory beyond those of the page. */
const READ_AT_ONCE = 8;

/**
 * Reads one page.
 * @throws RangeError for a cursor that this function did not make, StateUnavailableError.
 */
export async function listExchanges(
  store: JournalStore,
  query: JournalQuery,
): Promise<JournalPage> {
  const { limit } = query;
  const before = query.cursor === undefined ? undefined : parseCursor(query.cursor);
  const places = await findPlaces(store, query, before);
  const items: JournalEntry[] = [];
  let bytes = 0;
  for (let start = 0; start < limit && start < places.length; start += READ_AT_ONCE) {
    const batch = places.slice(start, Math.min(start + READ_AT_ONCE, limit));
    for (const [index, entry] of (await readAll(store, batch)).entries()) {
      if (entry !== undefined) items.push(entry);
      bytes += entry?.answer?.length ?? 0;
      const last = batch[index];
      const read = start + index + 1;
      const isFull = read === limit || bytes > MAX_PAGE_BYTES;
      if (isFull && read < places.length && last !== undefined) {
        return { items, nextCursor: formatCursor(last) };
      }
    }
  }
  return { items };
}

/** One more than the page takes, if there are so many: then there is a next page. */
async function findPlaces(
  store: JournalStore,
  { members, senderReference, from = 0, to = Infinity, limit }: JournalQuery,
  before: Cursor | undefined,
): Promise<Place[]> {
  const pages = await Promise.all(
    members.map((member) =>
      senderReference === undefined
        ? store.page(member, { from, to }, limit + 1, before)
        : store.find(member, senderReference),
    ),
  );
  return pages
    .flat()
    .filter((place) => place.time >= from && place.time <= to)
    .filter((place) => before === undefined || isOlder(place, before))
    .toSorted((one, other) => (isOlder(one, other) ? 1 : -1))
    .slice(0, limit + 1);
}

async function readAll(
  store: JournalStore,
  places: readonly Place[],
): Promise<(JournalEntry | undefined)[]> {
  const byMember = Map.groupBy(places, ({ memberCode }) => memberCode);
  const entries = new Map<Place, JournalEntry | undefined>();
  await Promise.all(
    [...byMember.values()].map(async (group) => {
      const found = await store.read(group);
      for (const [index, place] of group.entries()) entries.set(place, found[index]);
    }),
  );
  return places.map((place) => entries.get(place));
}

function formatCursor({ time, id }: Cursor): string {
  return Buffer.from(`${time} ${id}`).toString('base64url');
}

function parseCursor(text: string): Cursor {
  const match = /^(\d{1,16}) ([\w-]{20,22})$/.exec(Buffer.from(text, 'base64url').toString());
  if (match === null) throw new RangeError('not a cursor');
  return { time: Number(match[1]), id: match[2] ?? '' };
}

/** The journal of several members as one list, newest first, page by page. */
import {
  isOlder,
  newestFirst,
  parseCursor,
  toCursor,
  type Page,
  type PagePlace,
} from '../lib/page.ts';
import type { JournalEntry } from './entry.ts';
import type { JournalStore, MemberPlace, TimeRange } from './store.ts';

export interface JournalQuery extends TimeRange {
  members: readonly string[];
  senderReference?: string;
  limit: number;
  cursor?: string;
}

export type JournalPage = Page<JournalEntry>;

const ID = /^[\w-]{20,22}$/;
/** A page ends early when its answers are so long; an answer has up to 1 MiB. */
const MAX_PAGE_BYTES = 4 * 1024 * 1024;
/** How many entries are in memory beyond those of the page. */
const READ_AT_ONCE = 8;

/**
 * Reads one page.
 * @throws CursorError for a cursor that this function did not make, StateUnavailableError.
 */
export async function readJournalPage(
  store: JournalStore,
  query: JournalQuery,
): Promise<JournalPage> {
  const { limit } = query;
  const before = query.cursor === undefined ? undefined : parseCursor(query.cursor, ID);
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
        return { items, nextCursor: toCursor(last) };
      }
    }
  }
  return { items };
}

/** One more than the page takes, if there are so many: then there is a next page. */
async function findPlaces(
  store: JournalStore,
  { members, senderReference, from = 0, to = Infinity, limit }: JournalQuery,
  before: PagePlace | undefined,
): Promise<MemberPlace[]> {
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
    .toSorted(newestFirst)
    .slice(0, limit + 1);
}

async function readAll(
  store: JournalStore,
  places: readonly MemberPlace[],
): Promise<(JournalEntry | undefined)[]> {
  const byMember = Map.groupBy(places, ({ memberCode }) => memberCode);
  const entries = new Map<MemberPlace, JournalEntry | undefined>();
  await Promise.all(
    [...byMember.values()].map(async (group) => {
      const found = await store.read(group);
      for (const [index, place] of group.entries()) entries.set(place, found[index]);
    }),
  );
  return places.map((place) => entries.get(place));
}

/** The trail as one list, newest first, page by page: read from the files, day by day, a block of each at a time. */
import { toIstanbulDate } from '../lib/dates.ts';
import { isOlder, parseCursor, toCursor, type Page, type PagePlace } from '../lib/page.ts';
import type { Action, OwnLine } from './act.ts';
import { readBackwards } from './backwards.ts';
import { reasonOf } from './errors.ts';
import type { LineBase } from './line.ts';
import { listSegments, pathOf, type Segment } from './segments.ts';

export interface TrailQuery {
  /** Wall ms, both included. */
  from?: number;
  to?: number;
  client?: string;
  action?: Action | OwnLine['action'];
  /** Lines about these members, or about none at all. */
  members: readonly string[];
  /** Only lines that name a member. */
  namesMember?: boolean;
  limit: number;
  cursor?: string;
}

export type TrailEntry = LineBase & { chain: string };

/** A page ends early, with a cursor, when so many lines fitted none of what was asked for. */
const MOST_SCANNED = 20_000;
/** Of a line: its chain and its number, so that texts compare as places do. */
const ID = /^\d{17}-[0-9a-f]{8}\.\d{12}$/;

/**
 * Reads one page.
 * @throws CursorError for a cursor that this list did not make, errors of the file system.
 */
export async function readTrailPage(folder: string, query: TrailQuery): Promise<Page<TrailEntry>> {
  const before = query.cursor === undefined ? undefined : parseCursor(query.cursor, ID);
  const items: TrailEntry[] = [];
  let scanned = 0;
  for await (const entry of entriesOf(folder, query, before)) {
    scanned += 1;
    if (fits(entry, query)) items.push(entry);
    if (items.length === query.limit || scanned === MOST_SCANNED) {
      return { items, nextCursor: toCursor(placeOf(entry, entry.chain)) };
    }
  }
  return { items };
}

/** Lines of the range, newest first. */
async function* entriesOf(
  folder: string,
  { from = 0, to = Infinity }: TrailQuery,
  before: PagePlace | undefined,
): AsyncGenerator<TrailEntry> {
  const latest = Math.min(to, before?.time ?? Infinity, Date.UTC(9999, 0));
  // A segment holds the lines of its day alone.
  const [firstDay, lastDay] = [toIstanbulDate(Math.max(from, 0)), toIstanbulDate(latest)];
  const segments = (await segmentsOf(folder)).filter(
    ({ day }) => day >= firstDay && day <= lastDay,
  );
  const days = Map.groupBy(segments, ({ day }) => day);
  for (const day of [...days.keys()].toSorted().toReversed()) {
    const sources = (days.get(day) ?? []).map((segment) => linesOf(folder, segment, to, before));
    for await (const entry of merge(sources)) {
      if (timeOf(entry) < from) return;
      yield entry;
    }
  }
}

async function* linesOf(
  folder: string,
  segment: Segment,
  to: number,
  before: PagePlace | undefined,
): AsyncGenerator<TrailEntry> {
  const { chain } = segment;
  const isWanted = (line: LineBase): boolean =>
    timeOf(line) <= to && (before === undefined || isOlder(placeOf(line, chain), before));
  try {
    for await (const line of readBackwards(pathOf(folder, segment), isWanted)) {
      yield { ...line, chain };
    }
  } catch (error) {
    // It was let go of while the list was being read.
    if (reasonOf(error) !== 'ENOENT') throw error;
  }
}

/** One list of several, each newest first. */
async function* merge(sources: AsyncGenerator<TrailEntry>[]): AsyncGenerator<TrailEntry> {
  const heads = new Map<AsyncGenerator<TrailEntry>, TrailEntry>();
  const advance = async (source: AsyncGenerator<TrailEntry>): Promise<void> => {
    const { done, value } = await source.next();
    if (done === true) heads.delete(source);
    else heads.set(source, value);
  };
  try {
    for (const source of sources) await advance(source);
    while (heads.size > 0) {
      const [newest] = [...heads].reduce((one, other) =>
        isOlder(placeOf(one[1], one[1].chain), placeOf(other[1], other[1].chain)) ? other : one,
      );
      const entry = heads.get(newest);
      if (entry !== undefined) yield entry;
      await advance(newest);
    }
  } finally {
    // Each holds a file.
    for (const source of sources) await source.return(undefined);
  }
}

function fits(entry: TrailEntry, { client, action, members, namesMember }: TrailQuery): boolean {
  if (client !== undefined && entry['client'] !== client) return false;
  if (action !== undefined && entry.action !== action) return false;
  const named = membersOf(entry);
  return named.length === 0 ? namesMember !== true : named.some((code) => members.includes(code));
}

/** The members that a line is about. */
export function membersOf({ member, members = member === undefined ? [] : [member] }: LineBase) {
  return members as readonly string[];
}

function placeOf(line: LineBase, chain: string): PagePlace {
  return { time: timeOf(line), id: `${chain}.${String(line.number).padStart(12, '0')}` };
}

function timeOf({ time }: LineBase): number {
  return Date.parse(time);
}

/** None where there is no folder yet. */
async function segmentsOf(folder: string): Promise<Segment[]> {
  try {
    return await listSegments(folder);
  } catch (error) {
    if (reasonOf(error) === 'ENOENT') return [];
    throw error;
  }
}

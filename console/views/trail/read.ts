/** Reading the trail page by page, for the table and for the export. */
import { getJson, queryOf } from '../../lib/api.ts';
import type { Page } from '../../lib/documents.ts';
import type { TrailEntry } from './documents.ts';

export interface TrailFilter {
  from: string;
  to: string;
  client: string;
  member: string;
  action: string;
}

/** Of an export; `npm run trail -- export` has no such bound. */
export const MOST_EXPORTED = 20_000;
const PAGE = 200;
/** Before the first entries are found a page may be empty and lead on all the same. */
const MOST_EMPTY_PAGES = 50;

/**
 * The next entries that fit.
 *
 * @throws ApiError, such as for a reader who is no auditor.
 */
export async function readTrail(filter: TrailFilter, cursor?: string): Promise<Page<TrailEntry>> {
  let next = cursor;
  for (let tried = 0; ; tried += 1) {
    const page = await getJson<Page<TrailEntry>>(
      `/trail${queryOf({ ...filter, cursor: next, limit: PAGE })}`,
    );
    next = page.nextCursor;
    if (page.items.length > 0 || next === undefined || tried >= MOST_EMPTY_PAGES) return page;
  }
}

/** All that fit, the newest first, up to the bound. `isCut` when there are more. */
export async function readAll(
  filter: TrailFilter,
): Promise<{ items: TrailEntry[]; isCut: boolean }> {
  const items: TrailEntry[] = [];
  let cursor: string | undefined;
  do {
    const page = await readTrail(filter, cursor);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined && items.length < MOST_EXPORTED);
  return { items: items.slice(0, MOST_EXPORTED), isCut: cursor !== undefined };
}

const COLUMNS = [
  'time',
  'client',
  'action',
  'member',
  'members',
  'processDate',
  'report',
  'rows',
  'format',
  'service',
  'route',
  'count',
  'end',
  'address',
  'requestId',
  'chain',
  'number',
] as const;

/** RFC 4180; a request's id is its caller's own words, so what a spreadsheet would run is kept a text. */
export function trailCsv(entries: readonly TrailEntry[]): string {
  const lines = entries.map((entry) => COLUMNS.map((name) => cell(entry[name])).join(','));
  return `\uFEFF${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

function cell(value: string | number | string[] | undefined): string {
  const text = Array.isArray(value) ? value.join(' ') : String(value ?? '');
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

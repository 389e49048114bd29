/** Asking for balances as a person does: what is there is shown, and what is not is asked for. */
import { call, getJson, queryOf } from '../../lib/api.ts';
import type { Filters, Page, Report } from '../../lib/documents.ts';
import { istanbulDay } from '../../lib/format.ts';
import { sameFilters } from '../../parts/filters.ts';

export interface Asked {
  member: string;
  processDate: string;
  filters: Filters;
  /** Not from what is there, but from MKS. */
  refresh: boolean;
}

/**
 * The id of the report that answers this: a final one that is there, or the one that was just asked for.
 *
 * @throws ApiError.
 */
export async function askFor(asked: Asked): Promise<string> {
  const { member, processDate, filters, refresh } = asked;
  const ready = refresh ? undefined : await findReady(asked, isFinal);
  if (ready !== undefined) return ready.id;
  const response = await call('/balances', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/x-ndjson',
      prefer: 'respond-async',
    },
    body: JSON.stringify({ member, processDate, ...filters, ...(refresh && { refresh }) }),
  });
  if (response.status === 202) return ((await response.json()) as Report).id;
  // Where it was ready all the same the rows come at once: the report's view reads them.
  await response.body?.cancel();
  return response.headers.get('location')?.split('/').at(-1) ?? '';
}

/** The newest ready report of the same member, filters and day that passes. */
export async function findReady(
  { member, processDate, filters }: Pick<Asked, 'member' | 'processDate' | 'filters'>,
  passes: (report: Report) => boolean = () => true,
): Promise<Report | undefined> {
  const query = queryOf({ member, state: 'ready', limit: 100 });
  const { items } = await getJson<Page<Report>>(`/balances${query}`);
  return items.find(
    (report) =>
      report.processDate === processDate && sameFilters(report.filters, filters) && passes(report),
  );
}

/** Asked for after its day: a day's balances are final only then. */
function isFinal({ createdAt, processDate }: Report): boolean {
  return istanbulDay(Date.parse(createdAt)) > processDate;
}

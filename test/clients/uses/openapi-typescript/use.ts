/** The types of openapi-typescript, with openapi-fetch as the client. */
import createClient from 'openapi-fetch';
import type { components, paths } from './generated.js';
import { NO_REPORT, parseLines, type Seen, type Wanted } from '../seen.js';

type BalanceRow = components['schemas']['BalanceRow'];
/** What the client reads by itself; without it `data` may be a line of NDJSON or CSV as well. */
type Read = 'application/json' | 'application/problem+json';

export async function use({ url, ...wanted }: Wanted): Promise<Seen> {
  const client = createClient<paths, Read>({ baseUrl: url });

  const asked = await client.POST('/balances', {
    body: wanted,
    params: { header: { Prefer: 'wait=60' } },
  });
  if (asked.data === undefined) throw new Error(asked.error.detail);
  if (!('rows' in asked.data)) throw new Error(`still ${asked.data.state}`);
  const { id, rows, rowCount } = asked.data;

  const params = { path: { id } };
  const read = await client.GET('/balances/{id}/rows', { params });
  const lines = await client.GET('/balances/{id}/rows', {
    params: { ...params, query: { format: 'ndjson' } },
    parseAs: 'text',
  });
  const list = await client.GET('/balances');
  const missing = await client.GET('/balances/{id}', { params: { path: { id: NO_REPORT } } });
  if (missing.error === undefined) throw new Error('a report that is not there was found');

  // @ts-expect-error -- a date is required
  const withoutDate: components['schemas']['BalanceRequest'] = { member: 'TIB' };
  // @ts-expect-error -- no problem of ours
  const isStranger = missing.error.type === '/problems/no-such-problem';
  void [withoutDate, isStranger];

  return {
    rowCount,
    amounts: rows.map((row) => row.balanceAmount),
    amountsRead: (read.data?.rows ?? []).map((row) => row.balanceAmount),
    amountsOfLines: parseLines<BalanceRow>(String(lines.data)).map((row) => row.balanceAmount),
    ids: (list.data?.items ?? []).map((report) => report.id),
    problem: missing.error.type,
    problemStatus: missing.error.status,
  };
}

/** The client of hey-api. */
import { createClient } from './generated/client/index.js';
import {
  createBalances,
  listBalances,
  readBalances,
  readRows,
  type BalanceRequest,
  type BalanceRow,
} from './generated/index.js';
import { NO_REPORT, parseLines, type Seen, type Wanted } from '../seen.js';

export async function use({ url, ...body }: Wanted): Promise<Seen> {
  const client = createClient({ baseUrl: url });

  const asked = await createBalances({ client, body, headers: { Prefer: 'wait=60' } });
  if (asked.data === undefined) throw new Error(String(asked.error));
  if (!('rows' in asked.data)) throw new Error(`still ${asked.data.state}`);
  const { id, rows, rowCount } = asked.data;

  const read = await readRows({ client, path: { id } });
  // What it generates speaks of the first format alone; the client beneath takes the other's type.
  const lines = await client.get<string>({
    url: '/balances/{id}/rows',
    path: { id },
    query: { format: 'ndjson' },
    parseAs: 'text',
  });
  const list = await listBalances({ client });
  const missing = await readBalances({ client, path: { id: NO_REPORT } });
  if (missing.error === undefined) throw new Error('a report that is not there was found');

  // @ts-expect-error -- a date is required
  const withoutDate: BalanceRequest = { member: 'TIB' };
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

/** The clients of orval, over fetch. */
import { setBaseUrl } from './base-url.js';
import {
  createBalances,
  listBalances,
  readBalances,
  readRows,
  type BalanceRequest,
} from './json.js';
import { readRows as readLines, type BalanceRow } from './lines.js';
import { NO_REPORT, parseLines, type Seen, type Wanted } from '../seen.js';

export async function use({ url, ...wanted }: Wanted): Promise<Seen> {
  setBaseUrl(url);

  const asked = await createBalances(wanted, { Prefer: 'wait=60' });
  if (asked.status === 202) throw new Error(`still ${asked.data.state}`);
  if (asked.status !== 200) throw new Error(asked.data.detail);
  const { id, rows, rowCount } = asked.data;

  const read = await readRows(id);
  if (read.status !== 200) throw new Error(`${read.status} for JSON`);
  const lines = await readLines(id, { format: 'ndjson' });
  if (lines.status !== 200) throw new Error(`${lines.status} for NDJSON`);
  const list = await listBalances();
  if (list.status !== 200) throw new Error(list.data.detail);
  const missing = await readBalances(NO_REPORT);
  if (missing.status !== 404) throw new Error('a report that is not there was found');

  // @ts-expect-error -- a date is required
  const withoutDate: BalanceRequest = { member: 'TIB' };
  // @ts-expect-error -- no problem of ours
  const isStranger = missing.data.type === '/problems/no-such-problem';
  void [withoutDate, isStranger];

  return {
    rowCount,
    amounts: rows.map((row) => row.balanceAmount),
    amountsRead: read.data.rows.map((row) => row.balanceAmount),
    amountsOfLines: parseLines<BalanceRow>(await lines.stream.text()).map(
      (row) => row.balanceAmount,
    ),
    ids: list.data.items.map((report) => report.id),
    problem: missing.data.type,
    problemStatus: missing.data.status,
  };
}

/** The client of swagger-typescript-api; a failure is thrown as the answer. */
import { Api, type BalanceRequest, type BalanceRow, type Problem } from './generated.js';
import { NO_REPORT, parseLines, type Seen, type Wanted } from '../seen.js';

export async function use({ url, ...wanted }: Wanted): Promise<Seen> {
  const { balances } = new Api({ baseUrl: url });

  // It knows one type of success an operation: whether the report came instead, the status says.
  const asked = await balances.createBalances(wanted, { headers: { Prefer: 'wait=60' } });
  if (asked.status !== 200) throw new Error('no rows yet');
  const { id, rows, rowCount } = asked.data;

  const read = await balances.readRows(id);
  const lines = await balances.readRows(id, { format: 'ndjson' }, { format: 'text' });
  const list = await balances.listBalances();
  const { error: problem } = await balances.readBalances(NO_REPORT).then(
    () => {
      throw new Error('a report that is not there was found');
    },
    (answer: { error: Problem }) => answer,
  );

  // @ts-expect-error -- a date is required
  const withoutDate: BalanceRequest = { member: 'TIB' };
  // @ts-expect-error -- no problem of ours
  const isStranger = problem.type === '/problems/no-such-problem';
  void [withoutDate, isStranger];

  return {
    rowCount,
    amounts: rows.map((row) => row.balanceAmount),
    amountsRead: read.data.rows.map((row) => row.balanceAmount),
    amountsOfLines: parseLines<BalanceRow>(String(lines.data)).map((row) => row.balanceAmount),
    ids: list.data.items.map((report) => report.id),
    problem: problem.type,
    problemStatus: problem.status,
  };
}

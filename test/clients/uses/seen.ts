/** What each generated client is used for, and what it has to have seen at the end. */

/** The report to ask for, of a gateway that answers without a key. */
export interface Wanted {
  url: string;
  member: string;
  processDate: string;
}

export interface Seen {
  /** From `POST /balances`, as JSON. */
  rowCount: number;
  amounts: string[];
  /** From `GET /balances/{id}/rows`, as JSON and as NDJSON. */
  amountsRead: string[];
  amountsOfLines: string[];
  /** From `GET /balances` without a query. */
  ids: string[];
  /** From `GET /balances/{id}` of a report that is not there. */
  problem: string;
  problemStatus: number;
}

/** An id that no report has. */
export const NO_REPORT = '00000000-0000-4000-8000-000000000000';

/** The rows of NDJSON; what a generator says of one row is said of each. */
export function parseLines<Row>(lines: string): Row[] {
  return lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
}

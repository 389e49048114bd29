/** Sums of amounts by ISIN, account or any other field: exact, whatever their places. */
import { add, compareDecimals, decimalText, ZERO, type Decimal } from '../lib/decimal.ts';
import type { CodedColumn } from './columns.ts';
import type { TextField } from '../lib/documents.ts';

export interface TotalsQuery {
  by: TextField;
  /** Of the rows that fit it. */
  search: string;
  sort: { by: 'name' | 'rows' | 'sum'; descending: boolean };
  offset: number;
  count: number;
}

export interface Total {
  name: string;
  rows: number;
  sum: string;
}

export interface Totals {
  /** How many different names there are. */
  found: number;
  totals: Total[];
}

/** One page of the sums of these rows. */
export function addUp(
  rows: Uint32Array,
  column: CodedColumn,
  amountAt: (row: number) => Decimal,
  { sort, offset, count }: TotalsQuery,
): Totals {
  const sums: (Decimal | undefined)[] = [];
  const counts = new Uint32Array(column.texts.length);
  for (const row of rows) {
    const code = column.codeAt(row);
    sums[code] = add(sums[code] ?? ZERO, amountAt(row));
    counts[code] = (counts[code] ?? 0) + 1;
  }
  const ranks = column.ranks();
  const codes = [...ranks.keys()].filter((code) => (counts[code] ?? 0) > 0);
  const byName = (a: number, b: number): number => (ranks[a] ?? 0) - (ranks[b] ?? 0);
  const compare = {
    name: byName,
    rows: (a: number, b: number) => (counts[a] ?? 0) - (counts[b] ?? 0) || byName(a, b),
    sum: (a: number, b: number) =>
      compareDecimals(sums[a] ?? ZERO, sums[b] ?? ZERO) || byName(a, b),
  }[sort.by];
  codes.sort(sort.descending ? (a, b) => compare(b, a) : compare);
  const totals = codes.slice(offset, offset + count).map((code) => ({
    name: column.texts[code] ?? '',
    rows: counts[code] ?? 0,
    sum: decimalText(sums[code] ?? ZERO),
  }));
  return { found: codes.length, totals };
}

/**
 * A report's rows in columns, with what a reader of a table does: turn pages, sort, search, add up.
 *
 * It never holds a row as an object but those that it is asked for.
 */
import { TEXT_FIELDS, type Row, type RowField, type TextField } from '../lib/documents.ts';
import {
  add,
  compareDecimals,
  decimalText,
  toDecimal,
  ZERO,
  type Decimal,
} from '../lib/decimal.ts';
import { createAmountColumn, createCodedColumn, type CodedColumn } from './columns.ts';
import { addUp, type Totals, type TotalsQuery } from './totals.ts';

export interface Sort {
  field: RowField;
  descending: boolean;
}

export interface ViewQuery {
  /** As in the report when absent. */
  sort?: Sort;
  /** Rows in which any field has this in it; all when empty. */
  search: string;
  offset: number;
  count: number;
}

export interface View {
  /** Rows that fit the search. */
  found: number;
  /** The exact sum of their amounts. */
  sum: string;
  /** The fields that are the same in every row of the report. */
  constant: TextField[];
  rows: Row[];
}

export interface RowStore {
  count(): number;
  add(rows: readonly Row[]): void;
  view(query: ViewQuery): View;
  totals(query: TotalsQuery): Totals;
}

export function createRowStore(): RowStore {
  const columns = Object.fromEntries(
    TEXT_FIELDS.map((field) => [field, createCodedColumn()]),
  ) as Record<TextField, CodedColumn>;
  const amounts = createAmountColumn();
  let count = 0;
  /** The rows in the order of a field, kept until another is asked for: turning a page sorts nothing. */
  let ordered: { field: RowField | undefined; order: Uint32Array } | undefined;
  let selected: { name: string; rows: Uint32Array; sum: string } | undefined;

  const amountAt = (row: number): Decimal => toDecimal(amounts.textAt(row));

  function orderBy(field: RowField | undefined): Uint32Array {
    if (ordered?.field === field && ordered?.order.length === count) return ordered.order;
    const order = Uint32Array.from({ length: count }, (_, row) => row);
    if (field === 'balanceAmount') sortByAmount(order, count, amounts.textAt);
    else if (field !== undefined) sortByText(order, columns[field]);
    ordered = { field, order };
    return order;
  }

  function select(search: string, field: RowField | undefined): Uint32Array {
    const name = JSON.stringify([search, field, count]);
    if (selected?.name === name) return selected.rows;
    const order = orderBy(field);
    const fits = finder(search, columns, amounts.textAt);
    const rows = fits === undefined ? order : order.filter(fits);
    let sum = ZERO;
    for (const row of rows) sum = add(sum, amountAt(row));
    selected = { name, rows, sum: decimalText(sum) };
    return rows;
  }

  return {
    count: () => count,
    add(rows) {
      for (const row of rows) {
        for (const field of TEXT_FIELDS) columns[field].add(row[field]);
        amounts.add(row.balanceAmount);
      }
      count += rows.length;
    },
    view({ sort, search, offset, count: wanted }) {
      const rows = select(search, sort?.field);
      const last = rows.length - 1;
      const page: Row[] = [];
      for (let at = offset; at < Math.min(offset + wanted, rows.length); at += 1) {
        const row = rows[sort?.descending === true ? last - at : at] ?? 0;
        const texts = TEXT_FIELDS.map((field) => [field, columns[field].textAt(row)]);
        page.push({ ...Object.fromEntries(texts), balanceAmount: amounts.textAt(row) } as Row);
      }
      const constant = TEXT_FIELDS.filter((field) => columns[field].texts.length === 1);
      return { found: rows.length, sum: selected?.sum ?? '0', constant, rows: page };
    },
    totals(query) {
      return addUp(select(query.search, undefined), columns[query.by], amountAt, query);
    },
  };
}

/** A number for each row that holds its text's place and, behind it, its own: one native sort does it. */
function sortByText(order: Uint32Array, column: CodedColumn): void {
  const ranks = column.ranks();
  const rows = order.length;
  const keys = Float64Array.from(order, (row) => (ranks[column.codeAt(row)] ?? 0) * rows + row);
  keys.sort();
  keys.forEach((key, place) => (order[place] = key % rows));
}

/** By the nearest double, which keeps the order, and exactly where two have the same. */
function sortByAmount(order: Uint32Array, rows: number, textAt: (row: number) => string): void {
  const near = new Float64Array(rows);
  for (let row = 0; row < rows; row += 1) near[row] = Number(textAt(row));
  order.sort((one, other) => {
    const difference = (near[one] ?? 0) - (near[other] ?? 0);
    if (difference !== 0) return difference;
    const [text, otherText] = [textAt(one), textAt(other)];
    if (text === otherText) return one - other;
    return compareDecimals(toDecimal(text), toDecimal(otherText)) || one - other;
  });
}

/** Whether a row has the search in it; undefined when every row has. Each different text is looked at once. */
function finder(
  search: string,
  columns: Record<TextField, CodedColumn>,
  amountTextAt: (row: number) => string,
): ((row: number) => boolean) | undefined {
  const wanted = folded(search.trim());
  if (wanted === '') return undefined;
  const hits = TEXT_FIELDS.map((field) => {
    const { texts, codeAt } = columns[field];
    const fits = Uint8Array.from(texts, (text) => (folded(text).includes(wanted) ? 1 : 0));
    return { fits, codeAt };
  });
  const inTexts = (row: number): boolean =>
    hits.some(({ fits, codeAt }) => fits[codeAt(row)] === 1);
  // Amounts are found as they are written in either language.
  const digits = wanted.replace('−', '-').replace(',', '.');
  if (!/^-?[\d.]+$/.test(digits)) return inTexts;
  return (row) => inTexts(row) || amountTextAt(row).includes(digits);
}

/** Capitals, with the four letters i of Turkish as one: who types `isin` finds `ISIN` in either language. */
function folded(text: string): string {
  return text.replaceAll('ı', 'I').replaceAll('İ', 'I').toUpperCase();
}

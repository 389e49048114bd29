/** Which rows of a report bear which break in a ledger, so that each break has the cause that it is made for. */
import type { Row } from '../data/columns.ts';
import { SUB_ACCOUNTS } from '../data/securities.ts';
import { minus, plus, times, toDecimal, toText } from './decimal.ts';
import type { CaseName, LedgerOrder } from './order.ts';

/** How a row stands in the ledger. */
export interface LedgerLines {
  /** Why it is otherwise than at MKS; undefined where it is the same. */
  made: CaseName | undefined;
  lines: Row[];
}

export type Plan = (row: Row) => LedgerLines;

type Edit = (row: Row) => Row[];

const HALF = toDecimal('0.5');

/**
 * @param rows the report's, from the first at every call; the rows of an account stand together.
 * @throws RangeError when the report has too few accounts or securities for so many breaks.
 */
export function planBreaks(rows: () => Iterable<Row>, breaks: LedgerOrder['breaks']): Plan {
  const reserved = reserveSecurities(rows(), breaks);
  const edits = planEdits(rows(), breaks, reserved);
  return (row) => {
    const edit = edits.get(keyOf(row));
    if (edit !== undefined) return { made: edit.made, lines: edit.apply(row) };
    if (!reserved.ratio.has(row.isin)) return { made: undefined, lines: [row] };
    return { made: 'ratio', lines: [withAmount(row, half(row.balanceAmount))] };
  };
}

/** Securities in which nothing else may break, or the rule of the case would not hold. */
interface Reserved {
  ratio: Set<string>;
  account: Set<string>;
}

/** Those with the fewest holders, two at least. */
function reserveSecurities(rows: Iterable<Row>, breaks: LedgerOrder['breaks']): Reserved {
  const { ratio, account, ...others } = breaks;
  if (ratio + account === 0) return { ratio: new Set(), account: new Set() };
  const holders = new Map<string, number>();
  for (const row of rows) {
    if (isPositive(row)) holders.set(row.isin, (holders.get(row.isin) ?? 0) + 1);
  }
  const securities = [...holders]
    .filter(([, count]) => count >= 2)
    .toSorted(([one, few], [other, many]) => few - many || (one < other ? -1 : 1))
    .map(([isin]) => isin);
  const needsMore = Object.values(others).some((count) => count > 0);
  if (ratio + account + (needsMore ? 1 : 0) > securities.length) {
    throw new RangeError('the report has too few securities for so many breaks');
  }
  return {
    ratio: new Set(securities.slice(0, ratio)),
    account: new Set(securities.slice(ratio, ratio + account)),
  };
}

interface PlannedEdit {
  made: CaseName;
  apply: Edit;
}

/** At most one break of its own an account, so that the account stays known to both sides. */
function planEdits(
  rows: Iterable<Row>,
  breaks: LedgerOrder['breaks'],
  reserved: Reserved,
): Map<string, PlannedEdit> {
  const edits = new Map<string, PlannedEdit>();
  const waiting = singleRowEdits(breaks);
  /** By ISIN what was taken from the first holder, until a second one has got it. */
  const moved = new Map<string, string>();
  const isFree = (row: Row): boolean =>
    isPositive(row) && !reserved.ratio.has(row.isin) && !reserved.account.has(row.isin);
  for (const account of accountsOf(rows)) {
    for (const row of account.filter((each) => reserved.account.has(each.isin))) {
      const edit = moveToNext(row, moved);
      if (edit !== undefined) edits.set(keyOf(row), { made: 'account', apply: edit });
    }
    const row = account.length < 2 ? undefined : account.find(isFree);
    const next = row === undefined ? undefined : waiting.shift();
    if (row !== undefined && next !== undefined) edits.set(keyOf(row), next);
  }
  if (waiting.length > 0) {
    throw new RangeError('the report has too few accounts for so many breaks');
  }
  return edits;
}

function* accountsOf(rows: Iterable<Row>): Generator<Row[]> {
  let account: Row[] = [];
  for (const row of rows) {
    if (account[0] !== undefined && account[0].mbrAccNo !== row.mbrAccNo) {
      yield account;
      account = [];
    }
    account.push(row);
  }
  yield account;
}

function moveToNext(row: Row, moved: Map<string, string>): Edit | undefined {
  if (!isPositive(row)) return undefined;
  const taken = moved.get(row.isin);
  if (taken === undefined) {
    const part = half(row.balanceAmount);
    moved.set(row.isin, part);
    return (own) => [withAmount(own, difference(own.balanceAmount, part))];
  }
  if (taken === '') return undefined;
  moved.set(row.isin, '');
  return (own) => [withAmount(own, sum(own.balanceAmount, taken))];
}

const SINGLE_ROW: Partial<Record<CaseName, (count: number) => Edit>> = {
  'only-in-ledger': (count) => (row) => [row, withAmount(elsewhere(row), String(count))],
  'only-at-mks': () => () => [],
  different: (count) => (row) => {
    const more = toText({ units: BigInt(count), places: 2 });
    return [withAmount(row, sum(row.balanceAmount, more))];
  },
  'sub-account': () => (row) => {
    const part = half(row.balanceAmount);
    return [withAmount(row, difference(row.balanceAmount, part)), withAmount(elsewhere(row), part)];
  },
  'unknown-account': (count) => (row) => {
    const mbrAccNo = `7${String(count).padStart(10, '0')}`;
    return [row, withAmount({ ...row, mbrAccNo }, `${count}.5`)];
  },
};

function singleRowEdits(breaks: LedgerOrder['breaks']): PlannedEdit[] {
  return Object.entries(SINGLE_ROW).flatMap(([name, editOf]) => {
    const made = name as CaseName;
    return Array.from({ length: breaks[made] }, (_, at) => ({ made, apply: editOf(at + 1) }));
  });
}

/** In no report does an account have one security twice. */
function keyOf({ mbrAccNo, isin }: Row): string {
  return `${mbrAccNo} ${isin}`;
}

function isPositive({ balanceAmount }: Row): boolean {
  return toDecimal(balanceAmount).units > 0n;
}

function withAmount(row: Row, balanceAmount: string): Row {
  return { ...row, balanceAmount };
}

function elsewhere(row: Row): Row {
  const others = SUB_ACCOUNTS.filter((code) => code !== row.subAccCode);
  return { ...row, subAccCode: others.at(-1) ?? '' };
}

function half(amount: string): string {
  return toText(times(toDecimal(amount), HALF));
}

function sum(one: string, other: string): string {
  return toText(plus(toDecimal(one), toDecimal(other)));
}

function difference(one: string, other: string): string {
  return toText(minus(toDecimal(one), toDecimal(other)));
}

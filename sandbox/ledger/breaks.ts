/** The breaks between a ledger and the report, with their causes: what a check of the two has to find. */
import type { Row } from '../data/columns.ts';
import { type Decimal, minus, plus, times, toDecimal, toText } from './decimal.ts';
import type { CaseName } from './order.ts';
import type { LedgerLines } from './plan.ts';

/** A position as a check tells it, in the fields that both sides were compared by. */
export interface Break extends Partial<Row> {
  break: 'only-in-ledger' | 'only-at-mks' | 'different';
  ledger?: string;
  mks?: string;
  /** ledger − mks. */
  difference: string;
  cause?: 'sub-account' | 'account' | 'ratio' | 'unknown-account';
  /** What it was made as. */
  made: CaseName;
}

type PositionField = Exclude<keyof Row, 'balanceDate' | 'mbrId' | 'balanceAmount'>;

/** @returns what differs between a row and the lines that stand for it, without causes. */
export function breaksOf(row: Row, { made, lines }: LedgerLines): [Row, Break][] {
  if (made === undefined) return [];
  const found = lines.flatMap((line): [Row, Break][] => {
    const isOther = line.mbrAccNo !== row.mbrAccNo || line.subAccCode !== row.subAccCode;
    const difference = minus(
      toDecimal(line.balanceAmount),
      isOther ? { units: 0n, places: 0 } : toDecimal(row.balanceAmount),
    );
    const amounts = { ledger: line.balanceAmount, difference: toText(difference), made };
    if (isOther) return [[line, { break: 'only-in-ledger', ...amounts }]];
    if (difference.units === 0n) return [];
    return [[line, { break: 'different', mks: row.balanceAmount, ...amounts }]];
  });
  if (lines.length > 0) return found;
  const { balanceAmount: mks } = row;
  return [[row, { break: 'only-at-mks', mks, difference: toText(toDecimal(`-${mks}`)), made }]];
}

/** @param fields those of the position that the ledger has. @returns the breaks as a check tells them, sorted. */
export function explain(found: readonly [Row, Break][], fields: readonly PositionField[]): Break[] {
  const cancelling = (name: (row: Row) => string) => {
    const groups = Map.groupBy(found, ([row]) => name(row));
    return (row: Row): boolean => {
      const group = groups.get(name(row)) ?? [];
      const differences = group.map(([, { difference }]) => toDecimal(difference));
      return group.length > 1 && differences.reduce(plus).units === 0n;
    };
  };
  const ofAccount = cancelling(({ mbrAccNo, isin }) => `${mbrAccNo} ${isin}`);
  const ofIsin = cancelling(({ isin }) => isin);
  const securities = Map.groupBy(found, ([{ isin }]) => isin);
  const ratios = new Map([...securities].map(([isin, each]) => [isin, hasOneRatio(each)]));
  const causeOf = (row: Row, { made }: Break): Break['cause'] => {
    if (ofAccount(row)) return 'sub-account';
    if (ofIsin(row)) return 'account';
    if (ratios.get(row.isin) === true) return 'ratio';
    return made === 'unknown-account' ? 'unknown-account' : undefined;
  };
  const told = found.map(([row, { made, ...each }]): [key: string, told: Break] => {
    const position = Object.fromEntries(fields.map((name) => [name, row[name]]));
    const cause = causeOf(row, { made, ...each });
    const caused = { ...each, ...position, ...(cause !== undefined && { cause }), made };
    return [fields.map((name) => `${row[name]}\u001f`).join(''), caused];
  });
  return told.toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, each]) => each);
}

function hasOneRatio(found: readonly [Row, Break][]): boolean {
  const pairs = found.map(([, { ledger = '0', mks = '0' }]): [Decimal, Decimal] => [
    toDecimal(ledger),
    toDecimal(mks),
  ]);
  const [[ledger, mks] = []] = pairs;
  if (ledger === undefined || mks === undefined || pairs.length < 2) return false;
  return pairs.every(
    ([one, other]) =>
      one.units !== 0n &&
      other.units !== 0n &&
      minus(times(one, mks), times(other, ledger)).units === 0n,
  );
}

export type { PositionField };

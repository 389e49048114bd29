/**
 * Why breaks may be there, by rule: a rule holds or it does not, and where none holds nothing is said.
 *
 * - `sub-account`: the differences of one account and ISIN cancel out;
 * - `account`: those of one ISIN do;
 * - `ratio`: all breaks of one ISIN, two at least, have the same ratio of both balances: a corporate action;
 * - `unknown-account`: one side has nothing at all of the account.
 *
 * The first that holds is told; the last of them where the lines are written (break-lines.ts). It takes a sort of the
 * breaks by ISIN, another of those that have a cause, and a byte of memory for each group.
 */
import { add, compareDecimals, type Decimal, isZero, toDecimal } from '../lib/decimal.ts';
import { startsAlike } from '../lib/words.ts';
import { createCells, DIFFERENCE, FIRST_AMOUNT, SECOND_AMOUNT } from './line-cells.ts';
import { POSITION_FIELDS, SEPARATOR } from './positions.ts';
import { type Lines, linesOf, mergeRuns, type Run } from './runs.ts';
import type { Room } from './sides.ts';
import { createSorter, type Sorter } from './sorter.ts';

export type Cause = 'sub-account' | 'account' | 'ratio' | 'unknown-account';

const ISIN = POSITION_FIELDS.indexOf('isin');
const SEPARATOR_BYTE = SEPARATOR.charCodeAt(0);
const CANCELS = 1;
const SAME_RATIO = 2;

/**
 * @param runs of breaks, as `compareShelves` gives them.
 * @returns lines of those that have a cause, sorted by position: the break's line, then its cause.
 */
export function causesOf({ scratch, write }: Room, runs: readonly Run[]): Run[] {
  const byIsin = createSorter(write);
  const cells = createCells();
  for (const lines = linesOf(scratch, runs); lines.next();) {
    cells.find(lines);
    const { view, start, end } = lines;
    // With the separator behind it.
    byIsin.put(view, cells.starts[ISIN], (cells.ends[ISIN] as number) + 1);
    byIsin.put(view, start, end).endLine();
  }
  const sorted = byIsin.finish();
  const verdicts = judge(createBreaks(mergeRuns(scratch, sorted)));
  const caused = createSorter(write);
  if (verdicts.areAny) explain(createBreaks(mergeRuns(scratch, sorted)), verdicts, caused);
  return caused.finish();
}

/** Breaks sorted by ISIN, then by account. */
interface Breaks {
  next(): boolean;
  /** Whether the break of now is the first one of its ISIN, and of its account there. */
  readonly isNewIsin: boolean;
  readonly isNewAccount: boolean;
  amount(cell: number): string;
  /** Writes the line of now as `compareShelves` gave it. */
  putLine(into: Sorter): Pick<Sorter, 'putText'>;
}

/** @param lines the ISIN, then a line as `compareShelves` gives it. */
function createBreaks(lines: Lines): Breaks {
  const cells = createCells();
  /** The ISIN and the account of the break before, as they stand at the beginning of its line. */
  let last = Buffer.alloc(0);
  let isinLength = 0;
  const breaks = { next, isNewIsin: false, isNewAccount: false, amount, putLine };

  function next(): boolean {
    if (!lines.next()) return false;
    const { bytes, start } = lines;
    let split = start;
    while (bytes[split] !== SEPARATOR_BYTE) split += 1;
    cells.find(lines, split + 1);
    const length = (cells.ends[0] as number) + 1 - start;
    const isSame = startsAlike(last, isinLength, bytes, start);
    breaks.isNewIsin = !isSame || isinLength === 0;
    breaks.isNewAccount = last.length !== length || !startsAlike(last, length, bytes, start);
    if (breaks.isNewAccount) last = Buffer.from(bytes.subarray(start, start + length));
    isinLength = split + 1 - start;
    return true;
  }
  function amount(cell: number): string {
    return lines.bytes.toString('latin1', cells.starts[cell], cells.ends[cell]);
  }
  function putLine(into: Sorter) {
    return into.put(lines.view, cells.starts[0], lines.end);
  }
  return breaks;
}

interface Verdicts {
  /** CANCELS and SAME_RATIO, of each ISIN in order. */
  isins: Uint8Array;
  /** CANCELS, of each account of each ISIN in order. */
  accounts: Uint8Array;
  areAny: boolean;
}

function judge(breaks: Breaks): Verdicts {
  const [isins, accounts] = [createBytes(), createBytes()];
  let [ofIsin, ofAccount, ratio] = [createSum(), createSum(), createRatio()];
  let isFirst = true;

  function endIsin(): void {
    isins.push((ofIsin.cancels() ? CANCELS : 0) | (ratio.isOne() ? SAME_RATIO : 0));
    ofIsin = createSum();
    ratio = createRatio();
  }
  function endAccount(): void {
    accounts.push(ofAccount.cancels() ? CANCELS : 0);
    ofAccount = createSum();
  }

  while (breaks.next()) {
    if (breaks.isNewAccount && !isFirst) endAccount();
    if (breaks.isNewIsin && !isFirst) endIsin();
    isFirst = false;
    const difference = toDecimal(breaks.amount(DIFFERENCE));
    ofIsin.take(difference);
    ofAccount.take(difference);
    ratio.take(breaks);
  }
  endAccount();
  endIsin();
  const verdicts = { isins: isins.all(), accounts: accounts.all() };
  return { ...verdicts, areAny: Object.values(verdicts).some((bytes) => bytes.some((b) => b > 0)) };
}

/** What differences come to. */
function createSum() {
  let sum: Decimal | undefined;
  /** Those that differ by anything: a missing balance of 0 cancels nothing out. */
  let count = 0;
  return {
    take(difference: Decimal): void {
      if (difference.units === 0n) return;
      count += 1;
      sum = sum === undefined ? difference : add(sum, difference);
    },
    cancels: () => count > 1 && sum?.units === 0n,
  };
}

/** Whether all breaks have the same ratio of both balances; one that lacks either has none. */
function createRatio() {
  let ratio: [Decimal, Decimal] | undefined;
  let isOneRatio = true;
  let count = 0;
  return {
    take(breaks: Breaks): void {
      if (!isOneRatio) return;
      const [first, second] = [breaks.amount(FIRST_AMOUNT), breaks.amount(SECOND_AMOUNT)];
      if (isZero(first) || isZero(second)) {
        isOneRatio = false;
        return;
      }
      count += 1;
      const own: [Decimal, Decimal] = [toDecimal(first), toDecimal(second)];
      if (ratio === undefined) ratio = own;
      else isOneRatio = isProportional(ratio, own);
    },
    isOne: () => isOneRatio && count > 1,
  };
}

function isProportional(one: [Decimal, Decimal], other: [Decimal, Decimal]): boolean {
  return compareDecimals(times(one[0], other[1]), times(one[1], other[0])) === 0;
}

function times(one: Decimal, other: Decimal): Decimal {
  return { units: one.units * other.units, places: one.places + other.places };
}

/** Sorts those that have a cause, with it. */
function explain(breaks: Breaks, { isins, accounts }: Verdicts, caused: Sorter): void {
  let [isin, account] = [-1, -1];
  while (breaks.next()) {
    if (breaks.isNewAccount) account += 1;
    if (breaks.isNewIsin) isin += 1;
    const [ofIsin, ofAccount] = [isins[isin] ?? 0, accounts[account] ?? 0];
    // Nothing is to be explained where nothing differs.
    if ((ofIsin === 0 && ofAccount === 0) || isZero(breaks.amount(DIFFERENCE))) continue;
    const cause = `${SEPARATOR}${causeOf(ofIsin, ofAccount)}`;
    breaks.putLine(caused).putText(cause);
    caused.endLine();
  }
}

function causeOf(ofIsin: number, ofAccount: number): Cause {
  if (ofAccount === CANCELS) return 'sub-account';
  return (ofIsin & CANCELS) !== 0 ? 'account' : 'ratio';
}

/** Bytes that are added one by one. */
function createBytes() {
  let bytes = new Uint8Array(1024);
  let length = 0;
  return {
    push(byte: number): void {
      if (length === bytes.length) {
        const larger = new Uint8Array(2 * length);
        larger.set(bytes);
        bytes = larger;
      }
      bytes[length++] = byte;
    },
    all: () => bytes.subarray(0, length),
  };
}

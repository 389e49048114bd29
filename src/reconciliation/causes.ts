/**
 * Why breaks may be there, by rule: a rule holds or it does not, and where none holds nothing is said.
 *
 * - `sub-account`: the differences of one account and ISIN cancel out;
 * - `account`: those of one ISIN do;
 * - `ratio`: all breaks of one ISIN, two at least, have the same ratio of both balances: a corporate action;
 * - `unknown-account`: one side has nothing at all of the account.
 *
 * The first that holds is told. It takes a sort of the breaks by ISIN, another of those that have a cause, and a byte of
 * memory for each group.
 */
import { add, compareDecimals, type Decimal, subtract, ZERO } from '../lib/decimal.ts';
import { POSITION_FIELDS, SEPARATOR } from './positions.ts';
import { linesOfAll, mapped, mergeRuns, type Run, writeRun } from './runs.ts';
import { amountOf, type Room } from './sides.ts';

export type Cause = 'sub-account' | 'account' | 'ratio' | 'unknown-account';

const SORTED_AT_ONCE = 32_768;
const ISIN = POSITION_FIELDS.indexOf('isin');
const CANCELS = 1;
const SAME_RATIO = 2;

/** A break: its line as `compareShelves` gives it, and its values. */
interface Break {
  line: string;
  account: string;
  isin: string;
  first: string;
  second: string;
}

/**
 * @param runs of breaks, as `compareShelves` gives them.
 * @param lone runs of the accounts that one side alone has.
 * @returns each break with its cause, or an empty text, sorted by position.
 */
export function withCauses(room: Room, runs: readonly Run[], lone: readonly Run[]) {
  const { scratch } = room;
  const byIsin = sorted(room, mapped(linesOfAll(scratch, runs), withIsinFirst));
  const verdicts = judge(breaksOf(room, byIsin));
  const caused = verdicts.areAny ? sorted(room, explained(breaksOf(room, byIsin), verdicts)) : [];
  const breaks = withTheirs(mergeRuns(scratch, runs), mergeRuns(scratch, caused));
  return withUnknownAccounts(breaks, mergeRuns(scratch, lone));
}

function accountOf(line: string): string {
  return line.slice(0, line.indexOf(SEPARATOR));
}

function withIsinFirst(line: string): string {
  let start = 0;
  for (let field = 0; field < ISIN; field++) start = line.indexOf(SEPARATOR, start) + 1;
  return `${line.slice(start, line.indexOf(SEPARATOR, start))}${SEPARATOR}${line}`;
}

/** Sorts lines of any number in runs that fit into memory. */
function sorted({ write }: Room, lines: Iterable<string>): Run[] {
  const runs: Run[] = [];
  let held: string[] = [];
  for (const line of lines) {
    held.push(line);
    if (held.length < SORTED_AT_ONCE) continue;
    runs.push(writeRun(write, held.toSorted()));
    held = [];
  }
  runs.push(writeRun(write, held.toSorted()));
  return runs;
}

function* breaksOf({ scratch }: Room, byIsin: readonly Run[]): Generator<Break> {
  for (const keyed of mergeRuns(scratch, byIsin)) {
    const start = keyed.indexOf(SEPARATOR) + 1;
    const last = keyed.lastIndexOf(SEPARATOR);
    yield {
      line: keyed.slice(start),
      account: keyed.slice(start, keyed.indexOf(SEPARATOR, start)),
      isin: keyed.slice(0, start - 1),
      first: keyed.slice(keyed.lastIndexOf(SEPARATOR, last - 1) + 1, last),
      second: keyed.slice(last + 1),
    };
  }
}

interface Verdicts {
  /** CANCELS and SAME_RATIO, of each ISIN in order. */
  isins: Uint8Array;
  /** CANCELS, of each account of each ISIN in order. */
  accounts: Uint8Array;
  areAny: boolean;
}

function judge(breaks: Iterable<Break>): Verdicts {
  const [isins, accounts] = [createBytes(), createBytes()];
  let [ofIsin, ofAccount] = [createGroup(), createGroup()];
  let last: Break | undefined;
  for (const each of breaks) {
    if (last !== undefined && !isSameAccount(last, each)) {
      accounts.push(ofAccount.verdict() & CANCELS);
      ofAccount = createGroup();
    }
    if (last !== undefined && last.isin !== each.isin) {
      isins.push(ofIsin.verdict());
      ofIsin = createGroup();
    }
    const [first, second] = [amountOf(each.first), amountOf(each.second)];
    const difference = subtract(first, second);
    ofIsin.take(first, second, difference);
    ofAccount.take(first, second, difference);
    last = each;
  }
  accounts.push(ofAccount.verdict() & CANCELS);
  isins.push(ofIsin.verdict());
  const verdicts = { isins: isins.all(), accounts: accounts.all() };
  return { ...verdicts, areAny: Object.values(verdicts).some((bytes) => bytes.some((b) => b > 0)) };
}

function isSameAccount(one: Break, other: Break): boolean {
  return one.isin === other.isin && one.account === other.account;
}

/** What the breaks of one group come to. */
function createGroup() {
  let sum = ZERO;
  /** Those that differ by anything: a missing balance of 0 cancels nothing out. */
  let count = 0;
  let ratio: [Decimal, Decimal] | undefined;
  let isOneRatio = true;
  return {
    take(first: Decimal, second: Decimal, difference: Decimal): void {
      if (difference.units !== 0n) count += 1;
      sum = add(sum, difference);
      if (first.units === 0n || second.units === 0n) isOneRatio = false;
      else if (ratio === undefined) ratio = [first, second];
      else isOneRatio &&= isProportional(ratio, [first, second]);
    },
    verdict(): number {
      if (count < 2) return 0;
      return (sum.units === 0n ? CANCELS : 0) | (isOneRatio ? SAME_RATIO : 0);
    },
  };
}

function isProportional(one: [Decimal, Decimal], other: [Decimal, Decimal]): boolean {
  return compareDecimals(times(one[0], other[1]), times(one[1], other[0])) === 0;
}

function times(one: Decimal, other: Decimal): Decimal {
  return { units: one.units * other.units, places: one.places + other.places };
}

/** Those that have a cause, with it. */
function* explained(breaks: Iterable<Break>, { isins, accounts }: Verdicts): Generator<string> {
  let [isin, account] = [0, 0];
  let last: Break | undefined;
  for (const each of breaks) {
    if (last !== undefined && !isSameAccount(last, each)) account += 1;
    if (last !== undefined && last.isin !== each.isin) isin += 1;
    last = each;
    const cause = causeOf(each, isins[isin] ?? 0, accounts[account] ?? 0);
    if (cause !== undefined) yield `${each.line}${SEPARATOR}${cause}`;
  }
}

function causeOf({ first, second }: Break, ofIsin: number, ofAccount: number): Cause | undefined {
  if (ofIsin === 0 && ofAccount === 0) return undefined;
  if (compareDecimals(amountOf(first), amountOf(second)) === 0) return undefined;
  if (ofAccount === CANCELS) return 'sub-account';
  if ((ofIsin & CANCELS) !== 0) return 'account';
  return (ofIsin & SAME_RATIO) === 0 ? undefined : 'ratio';
}

/** Both sorted by position: they are gone through side by side. */
function* withTheirs(breaks: Iterable<string>, caused: Iterator<string>): Generator<string> {
  let next = caused.next();
  for (const each of breaks) {
    const line = `${each}${SEPARATOR}`;
    const isCaused = next.done !== true && next.value.startsWith(line);
    yield isCaused ? (next.value as string) : line;
    if (isCaused) next = caused.next();
  }
}

/** Both sorted by account: they are gone through side by side. */
function* withUnknownAccounts(breaks: Iterable<string>, lone: Iterator<string>): Generator<string> {
  let next = lone.next();
  for (const line of breaks) {
    const account = accountOf(line);
    while (next.done !== true && next.value < account) next = lone.next();
    const isLone = next.done !== true && next.value === account;
    yield isLone && line.endsWith(SEPARATOR) ? `${line}unknown-account` : line;
  }
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

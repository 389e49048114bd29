/** Made-up balances: each row a pure function of seed, member, day and its index, so never kept in memory. */
import type { Row } from './columns.ts';
import { type Account, accountOn, actionsOf, businessDay, lastTrade } from './days.ts';
import { hashText, mix, pick } from './hash.ts';
import {
  ACCOUNT_CLASSES,
  AWKWARD_AMOUNTS,
  AWKWARD_TEXTS,
  PLAIN_TEXTS,
  PORTFOLIOS,
  SECURITIES,
  type Security,
  SUB_ACCOUNTS,
} from './securities.ts';

/** The optional fields of a request for a report; a row shows up if it meets all that are given. */
export interface Filters {
  subAccNo?: string;
  isin?: string;
  secClass?: string;
  secType?: string;
  accClass?: string;
  portfolioCode?: string;
  accNo?: string;
}

export interface RowRequest {
  seed: string;
  member: string;
  /** YYYYMMDD. */
  processDate: string;
  filters?: Filters;
  /** Rows before the filters. */
  rows: number;
  /** Only texts that need no quotes in a CSV. */
  plainText?: boolean;
}

/** Rows `first` (inclusive) to `end` (exclusive) of the report, without those that the filters drop. */
export function* rowsBetween(request: RowRequest, first: number, end: number): Generator<Row> {
  const book = openBook(request);
  for (let index = first; index < end; index += 1) {
    const row = rowAt(request, book, index);
    if (row !== undefined) yield row;
  }
}

/** All rows of a report, exactly as its files have to be read. */
export function expectedRows(request: RowRequest): Generator<Row> {
  return rowsBetween(request, 0, request.rows);
}

/** What all rows of a report have in common. */
interface Book {
  day: number;
  member: number;
  actions: ReturnType<typeof actionsOf>;
}

function openBook({ seed, member, processDate }: RowRequest): Book {
  return {
    day: businessDay(processDate),
    member: hashText(`${seed}|${member}`),
    actions: actionsOf(seed),
  };
}

const ROWS_OF_ACCOUNT = 4;
/** No trade moves so many pieces. */
const TRADE_MAX = 10_000;

function rowAt(request: RowRequest, book: Book, index: number): Row | undefined {
  const { filters = {} } = request;
  const awkward = AWKWARD_AMOUNTS[index];
  const place = Math.floor(index / ROWS_OF_ACCOUNT);
  // The accounts of the awkward amounts stay; account 1 begins the list of securities: the upstream's sample
  // request finds a row there.
  const isFirst = place < AWKWARD_AMOUNTS.length / ROWS_OF_ACCOUNT;
  const account = accountOn(book.day, place, isFirst ? 1 : mix(book.member ^ 0x5bd1e995, place));
  const accountHash = place === 0 ? 0 : mix(7, place);
  const stable = mix(book.member, index);
  const security = pick(SECURITIES, accountHash + (index % ROWS_OF_ACCOUNT) * 5);
  const subAccCode = awkward === undefined ? pick(SUB_ACCOUNTS, stable) : 'SERB';
  const matches =
    agrees(filters.accNo, account.number) &&
    agrees(filters.subAccNo, subAccCode) &&
    agrees(filters.isin, security.isin) &&
    agrees(filters.secClass, security.secClass) &&
    agrees(filters.secType, security.secType) &&
    agrees(filters.accClass, pick(ACCOUNT_CLASSES, accountHash)) &&
    agrees(filters.portfolioCode, pick(PORTFOLIOS, accountHash));
  if (!matches) return undefined;
  const texts = request.plainText === true ? PLAIN_TEXTS : AWKWARD_TEXTS;
  return {
    balanceDate: request.processDate,
    mbrId: request.member,
    mbrAccNo: account.number,
    subAccCode,
    secClassCode: security.secClass,
    mic: security.mic,
    isin: security.isin,
    addDefCode: pick<string>(texts, stable >>> 8),
    balanceAmount: awkward ?? amountOn(book, security, account, stable),
  };
}

/** Mostly whole lots, some with two to six decimals: what was opened, with the last trade, split as its security is. */
function amountOn(book: Book, security: Security, account: Account, stable: number): string {
  const holding = mix(stable, account.generation);
  const actions = book.actions.get(security);
  if (actions === undefined) throw new RangeError(`no such security: ${security.isin}`);
  const tradedOn = lastTrade(book.day, account, actions, holding);
  const trade = tradedOn === undefined ? 0 : mix(holding, tradedOn) >>> 3;
  const whole = TRADE_MAX + ((holding >>> 3) % 5_000_000) + (trade % (2 * TRADE_MAX)) - TRADE_MAX;
  const decimals = holding % 10 < 7 ? 0 : 2 + ((holding >>> 5) % 5);
  const scale = 10 ** decimals;
  // Below 10 to the 14th, so exact.
  const units = (whole * scale + (mix(holding, trade) % scale)) * actions.factorOn(book.day);
  if (decimals === 0) return String(units);
  const digits = String(units).padStart(decimals + 1, '0');
  return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

function agrees(filter: string | undefined, value: string): boolean {
  return filter === undefined || filter === value;
}

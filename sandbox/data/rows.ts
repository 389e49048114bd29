/** Made-up balances: each row a pure function of seed, member, day and its index, so never kept in memory. */
import type { Row } from './columns.ts';
import {
  ACCOUNT_CLASSES,
  AWKWARD_AMOUNTS,
  AWKWARD_TEXTS,
  PLAIN_TEXTS,
  PORTFOLIOS,
  SECURITIES,
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
  const member = hashText(`${request.seed}|${request.member}`);
  const day = hashText(`${request.seed}|${request.member}|${request.processDate}`);
  for (let index = first; index < end; index += 1) {
    const row = rowAt(request, index, mix(member, index), mix(day, index));
    if (row !== undefined) yield row;
  }
}

/** All rows of a report, exactly as its files have to be read. */
export function expectedRows(request: RowRequest): Generator<Row> {
  return rowsBetween(request, 0, request.rows);
}

/**
 * From one day to the next about one position in fifty gives way to a new one and one amount in
 * five changes, so that two days can be compared with each other.
 */
function rowAt(request: RowRequest, index: number, stable: number, daily: number): Row | undefined {
  const { filters = {} } = request;
  const isAwkward = index < AWKWARD_AMOUNTS.length;
  const isNew = !isAwkward && daily % 50 === 0;
  const account = Math.floor(index / 4);
  // Account 1 begins the list of securities: the upstream's sample request finds a row there.
  const accountHash = account === 0 ? 0 : mix(7, account);
  const mbrAccNo = isNew ? `9${String(daily).padStart(10, '0')}` : String(account + 1);
  const security = pick(SECURITIES, accountHash + (index % 4) * 5);
  const subAccCode = isAwkward ? 'SERB' : pick(SUB_ACCOUNTS, stable);
  const matches =
    agrees(filters.accNo, mbrAccNo) &&
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
    mbrAccNo,
    subAccCode,
    secClassCode: security.secClass,
    mic: security.mic,
    isin: security.isin,
    addDefCode: pick<string>(texts, stable >>> 8),
    balanceAmount: AWKWARD_AMOUNTS[index] ?? amount(stable % 5 === 0 ? daily : stable),
  };
}

/** Mostly whole lots, some with two to six decimals. */
function amount(hash: number): string {
  const whole = (hash >>> 3) % 5_000_000;
  const decimals = hash % 10 < 7 ? 0 : 2 + ((hash >>> 5) % 5);
  if (decimals === 0) return String(whole);
  return `${whole}.${String(mix(hash, 1) % 10 ** decimals).padStart(decimals, '0')}`;
}

function agrees(filter: string | undefined, value: string): boolean {
  return filter === undefined || filter === value;
}

function pick<T>(list: readonly T[], hash: number): T {
  // The remainder is always an index of the list; the lists are not empty.
  return list[hash % list.length] as T;
}

/** FNV-1a, 32 bits. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

/** The finaliser of MurmurHash3 over a base and an index: 32 well-spread bits. */
function mix(base: number, index: number): number {
  let hash = (base ^ Math.imul(index + 1, 0x9e3779b1)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * What happens from day to day: accounts are opened and closed, shares are split and put together again, balances are
 * traded. Each is a pure function of the day, so a day is the same whenever it is asked for, and needs no other.
 */
import { hashText, mix, pick } from './hash.ts';
import { SECURITIES, type Security } from './securities.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** The first Monday of 1970, in days after its first day. */
const FIRST_MONDAY = 4;

/** @param processDate YYYYMMDD. @returns how many business days have begun; a weekend belongs to its Friday. */
export function businessDay(processDate: string): number {
  const [year, month, date] = [
    processDate.slice(0, 4),
    processDate.slice(4, 6),
    processDate.slice(6),
  ];
  const days = Date.UTC(Number(year), Number(month) - 1, Number(date)) / DAY_MS - FIRST_MONDAY;
  const week = Math.floor(days / 7);
  return week * 5 + Math.min(days - week * 7, 4);
}

export interface Account {
  number: string;
  /** Which account of its place it is; 0 for one that stays for ever. */
  generation: number;
  /** The business day on which it was opened. */
  openedOn: number;
}

/**
 * The account in a place: three of four stay for ever; of the others one is closed after three to seven weeks, and
 * another, with a number that nobody had before, is opened instead.
 * @param hash of the place.
 */
export function accountOn(day: number, place: number, hash: number): Account {
  if (hash % 4 !== 0) return { number: String(place + 1), generation: 0, openedOn: -Infinity };
  const term = 15 + ((hash >>> 4) % 21);
  const phase = (hash >>> 10) % term;
  const generation = Math.floor((day + phase) / term);
  const number = `9${String(generation).padStart(4, '0')}${String(place + 1).padStart(7, '0')}`;
  return { number, generation, openedOn: generation * term - phase };
}

/** Of one security: how many shares stand on a day for one of before, for every holder the same. */
export interface Actions {
  /** A split or its undoing; the security is not traded on such a day. */
  isActionDay(day: number): boolean;
  factorOn(day: number): number;
}

const RATIOS = [2, 5, 10];
const NONE: Actions = { isActionDay: () => false, factorOn: () => 1 };

/** Shares are split, four to eight weeks later put together again, and so on. */
export function actionsOf(seed: string): ReadonlyMap<Security, Actions> {
  return new Map(
    SECURITIES.map((security) => {
      if (security.secType !== 'HS') return [security, NONE];
      const hash = hashText(`${seed}|${security.isin}`);
      const period = 20 + (mix(hash, 0) % 21);
      const phase = mix(hash, 1) % period;
      const ratio = pick(RATIOS, mix(hash, 2));
      const isActionDay = (day: number): boolean => (day + phase) % period === 0;
      const isSplit = (day: number): boolean => Math.floor((day + phase) / period) % 2 === 1;
      return [security, { isActionDay, factorOn: (day) => (isSplit(day) ? ratio : 1) }];
    }),
  );
}

/** One balance in five is traded a day, so hardly one is not in so many. */
const LOOK_BACK_DAYS = 40;

/**
 * The last business day, up to this one, on which the balance was traded; undefined where it is as it was opened.
 * @param hash of the holding.
 */
export function lastTrade(
  day: number,
  { openedOn }: Account,
  { isActionDay }: Actions,
  hash: number,
): number | undefined {
  const first = Math.max(openedOn, day - LOOK_BACK_DAYS);
  for (let at = day; at > first; at -= 1) {
    if (mix(hash, at) % 5 === 0 && !isActionDay(at)) return at;
  }
  return undefined;
}

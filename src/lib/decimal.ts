/**
 * Exact decimal numbers of any length, from their text and back: `-12.50` stays `-12.50`.
 *
 * A sum or a difference has as many places as the longer of its two; nothing is rounded.
 */

/** `units` / 10^`places`. */
export interface Decimal {
  units: bigint;
  places: number;
}

export const ZERO: Decimal = { units: 0n, places: 0 };

const ZERO_DIGIT = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;
/** Sums and differences of two whole numbers up to it are exact. */
const HALF_SAFE = Number.MAX_SAFE_INTEGER / 2;
/** Whole numbers of so many digits are. */
const EXACT_CHARACTERS = 15;

/** @param text an optional `-`, digits, and optionally `.` and digits, as a row bears its amount. */
export function toDecimal(text: string): Decimal {
  const point = text.indexOf('.');
  if (point === -1) return { units: BigInt(text), places: 0 };
  return {
    units: BigInt(text.slice(0, point) + text.slice(point + 1)),
    places: text.length - point - 1,
  };
}

export function decimalText({ units, places }: Decimal): string {
  if (places === 0) return String(units);
  const sign = units < 0n ? '-' : '';
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

export function add(one: Decimal, other: Decimal): Decimal {
  const places = Math.max(one.places, other.places);
  return { units: inUnits(one, places) + inUnits(other, places), places };
}

export function subtract(one: Decimal, other: Decimal): Decimal {
  return add(one, { units: -other.units, places: other.places });
}

/**
 * One less the other, as `decimalText` of `subtract` gives it. Most are short: JavaScript's numbers are exact for those,
 * and several times as fast.
 */
export function differenceText(one: string, other: string): string {
  const places = Math.max(placesOf(one), placesOf(other));
  const [first, second] = [shortUnits(one, places), shortUnits(other, places)];
  if (!(Math.abs(first) <= HALF_SAFE && Math.abs(second) <= HALF_SAFE)) {
    return decimalText(subtract(toDecimal(one), toDecimal(other)));
  }
  const units = first - second;
  if (places === 0) return String(units);
  const digits = String(Math.abs(units)).padStart(places + 1, '0');
  const point = digits.length - places;
  return `${units < 0 ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** @param text as `toDecimal` takes it. */
export function isZero(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > ZERO_DIGIT && code <= ZERO_DIGIT + 9) return false;
  }
  return true;
}

/** Below, equal to or above zero: whether `one` is smaller than, equal to or larger than `other`. */
export function compareDecimals(one: Decimal, other: Decimal): number {
  const { units } = subtract(one, other);
  return units === 0n ? 0 : units < 0n ? -1 : 1;
}

function inUnits({ units, places }: Decimal, wanted: number): bigint {
  return wanted === places ? units : units * 10n ** BigInt(wanted - places);
}

function placesOf(text: string): number {
  const point = text.indexOf('.');
  return point === -1 ? 0 : text.length - point - 1;
}

/** In units of so many places; exact up to HALF_SAFE, NaN for what is too long. */
function shortUnits(text: string, places: number): number {
  if (text.length > EXACT_CHARACTERS) return Number.NaN;
  let units = 0;
  let missing = places;
  let hasPoint = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === MINUS) continue;
    if (code === POINT) {
      hasPoint = true;
      continue;
    }
    units = units * 10 + (code - ZERO_DIGIT);
    if (hasPoint) missing -= 1;
  }
  for (; missing > 0; missing--) units *= 10;
  return text.charCodeAt(0) === MINUS ? -units : units;
}

/** Exact decimal numbers of any length: balances are never floating-point numbers. */

/** `units` / 10^`places`. */
export interface Decimal {
  units: bigint;
  places: number;
}

export const ZERO: Decimal = { units: 0n, places: 0 };

/** @param text as a row bears its amount: an optional `-`, digits, optionally `.` and digits. */
export function toDecimal(text: string): Decimal {
  const point = text.indexOf('.');
  if (point === -1) return { units: BigInt(text), places: 0 };
  const units = BigInt(text.slice(0, point) + text.slice(point + 1));
  return { units, places: text.length - point - 1 };
}

/** As many places as the longer of the two. */
export function add(one: Decimal, other: Decimal): Decimal {
  if (one.places === other.places) {
    return { units: one.units + other.units, places: one.places };
  }
  const places = Math.max(one.places, other.places);
  return { units: inUnits(one, places) + inUnits(other, places), places };
}

export function decimalText({ units, places }: Decimal): string {
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const sign = units < 0n ? '-' : '';
  if (places === 0) return sign + digits;
  return `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/** Below, equal to or above zero, as `one` is smaller than, equal to or larger than `other`. */
export function compareDecimals(one: Decimal, other: Decimal): number {
  const places = Math.max(one.places, other.places);
  const difference = inUnits(one, places) - inUnits(other, places);
  return difference === 0n ? 0 : difference < 0n ? -1 : 1;
}

function inUnits({ units, places }: Decimal, wanted: number): bigint {
  return units * 10n ** BigInt(wanted - places);
}

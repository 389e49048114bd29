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

/** Below, equal to or above zero: whether `one` is smaller than, equal to or larger than `other`. */
export function compareDecimals(one: Decimal, other: Decimal): number {
  const { units } = subtract(one, other);
  return units === 0n ? 0 : units < 0n ? -1 : 1;
}

function inUnits({ units, places }: Decimal, wanted: number): bigint {
  return wanted === places ? units : units * 10n ** BigInt(wanted - places);
}

/** Exact decimal numbers: `units` / 10^`places`. */

export interface Decimal {
  units: bigint;
  places: number;
}

export function toDecimal(text: string): Decimal {
  const [whole = '', fraction = ''] = text.split('.');
  return { units: BigInt(whole + fraction), places: fraction.length };
}

export function toText({ units, places }: Decimal): string {
  const sign = units < 0n ? '-' : '';
  const digits = String(units < 0n ? -units : units).padStart(places + 1, '0');
  const whole = digits.slice(0, digits.length - places);
  return places === 0 ? sign + whole : `${sign}${whole}.${digits.slice(-places)}`;
}

/** With as many places as the longer of the two. */
export function plus(one: Decimal, other: Decimal): Decimal {
  const places = Math.max(one.places, other.places);
  const scaled = ({ units, places: own }: Decimal): bigint => units * 10n ** BigInt(places - own);
  return { units: scaled(one) + scaled(other), places };
}

export function minus(one: Decimal, { units, places }: Decimal): Decimal {
  return plus(one, { units: -units, places });
}

export function times(one: Decimal, other: Decimal): Decimal {
  return { units: one.units * other.units, places: one.places + other.places };
}

/** Random amounts, as MKS may write them, and exact values to compare by. */
import type { Random } from '../random.ts';

/** No amount of a pair has more places: 30, one for a half, two for a sum with another. */
export const SCALE = 40;

/** The value of a decimal text in units of 10^-SCALE. */
export function unitsOf(text: string): bigint {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const units = BigInt(whole + fraction.padEnd(SCALE, '0'));
  return text.startsWith('-') ? -units : units;
}

/** The text of a value with so many places; they have to hold it. */
export function textOf(units: bigint, places: number): string {
  const scaled = units / 10n ** BigInt(SCALE - places);
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(places + 1, '0');
  const point = digits.length - places;
  const text = places === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return scaled < 0n ? `-${text}` : text;
}

export function placesOf(text: string): number {
  const point = text.indexOf('.');
  return point === -1 ? 0 : text.length - point - 1;
}

/** Small ones, of which sums and ratios are likely to be equal, and ones of up to 60 digits. */
export function randomAmount(random: Random): string {
  const sign = random.chance(0.15) ? '-' : '';
  const kind = random.below(10);
  if (kind < 2)
    return random.pick(['0', '0.00', '1', '1.0', '2', '-1', '3.50', '-0.5', '-0', '100']);
  if (kind < 5) return sign + String(1 + random.below(20) * 10);
  if (kind < 7) return `${sign}${random.below(5_000_000)}`;
  if (kind < 9) return `${sign}${random.below(900_000)}.${digitsOf(random, 1 + random.below(6))}`;
  const whole = String(BigInt(`1${digitsOf(random, random.below(30))}`));
  const places = random.below(31);
  return sign + whole + (places === 0 ? '' : `.${digitsOf(random, places)}`);
}

function digitsOf(random: Random, count: number): string {
  return Array.from({ length: count }, () => random.below(10)).join('');
}

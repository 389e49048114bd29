/** Amounts as decimals of Parquet: 16 bytes each, in units of 10^-18 (its DECIMAL, FIXED_LEN_BYTE_ARRAY). */
import { toDecimal } from '../../lib/decimal.ts';
import { exactDecimals, UNCLEAR } from './kept-amounts.ts';

export const PRECISION = 38;
export const SCALE = 18;
export const DECIMAL_BYTES = 16;

const MINUS = 0x2d;
const ZERO = 0x30;
const POWERS = Array.from({ length: SCALE + 1 }, (_, power) => 10n ** BigInt(power));
const LEAST_TOO_LARGE = 10n ** BigInt(PRECISION);

export interface Decimals {
  /** Two's complement, the highest byte first. */
  values: Uint8Array[];
  /** In units. */
  least: bigint;
  most: bigint;
}

/** @param amounts one at least. @returns undefined where one of them does not fit. */
export function decimalsOf(amounts: readonly Buffer[]): Decimals | undefined {
  const memory = new ArrayBuffer(amounts.length * DECIMAL_BYTES);
  const view = new DataView(memory);
  const values: Uint8Array[] = [];
  let [least, most] = [LEAST_TOO_LARGE, -LEAST_TOO_LARGE];
  for (const amount of amounts) {
    const units = inUnits(amount);
    if (units === undefined) return undefined;
    if (units < least) least = units;
    if (units > most) most = units;
    const at = values.length * DECIMAL_BYTES;
    view.setBigInt64(at, units >> 64n);
    // Takes the lowest 64 bits.
    view.setBigInt64(at + 8, units);
    values.push(new Uint8Array(memory, at, DECIMAL_BYTES));
  }
  return { values, least, most };
}

function inUnits(amount: Buffer): bigint | undefined {
  const decimals = exactDecimals(amount, 0, amount.length);
  if (decimals !== UNCLEAR) return BigInt(digitsOf(amount)) * (POWERS[SCALE - decimals] as bigint);
  const { units, places } = toDecimal(amount.toString());
  const power = 10n ** BigInt(Math.abs(SCALE - places));
  if (places > SCALE && units % power !== 0n) return undefined;
  const scaled = places > SCALE ? units / power : units * power;
  return scaled < LEAST_TOO_LARGE && scaled > -LEAST_TOO_LARGE ? scaled : undefined;
}

/** All digits of an amount as one number, where they are so few that it is exact. */
function digitsOf(amount: Buffer): number {
  let digits = 0;
  for (const byte of amount) if (byte >= ZERO) digits = 10 * digits + byte - ZERO;
  return amount[0] === MINUS ? -digits : digits;
}

/** Amounts of kept lines, told by their bytes. */

const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** IEEE 754: a double gives back any decimal of so many digits. */
const EXACT_DIGITS = 15;

/** Whether a spreadsheet's number says all that the amount says is for `isExactNumber` to tell. */
export const UNCLEAR = -1;

/** @returns how many decimals an amount of few digits has that `isExactNumber` says is one, or UNCLEAR. */
export function exactDecimals(piece: Uint8Array, start: number, end: number): number {
  let at = start;
  const isNegative = piece[at] === MINUS;
  if (isNegative) at++;
  // No zero before other digits, and some digit before a point and behind it.
  const isZeroFirst = piece[at] === ZERO;
  const whole = at;
  let point = end;
  let isZero = true;
  for (; at < end; at++) {
    const byte = piece[at] as number;
    if (byte === POINT && point === end && at > whole) point = at;
    else if (byte < ZERO || byte > NINE) return UNCLEAR;
    else if (byte !== ZERO) isZero = false;
  }
  const decimals = point === end ? 0 : end - point - 1;
  const digits = point - whole + decimals;
  if (digits === 0 || digits > EXACT_DIGITS || point === end - 1) return UNCLEAR;
  if (isZeroFirst && point - whole > 1) return UNCLEAR;
  // Zero has no sign in a spreadsheet.
  return isZero && isNegative ? UNCLEAR : decimals;
}

/**
 * Amounts as exact decimal text, never through a floating-point number.
 *
 * MKS does not say how it writes them, so which of `.` and `,` is the decimal sign is settled for the
 * whole file by the amounts that can be read in one way only. `1.234` says nothing by itself: a file
 * in which nothing settles it is refused, and so is one whose amounts contradict each other.
 */
import { unexpectedContent } from './errors.ts';

export type DecimalSign = '.' | ',';

/** No amount is longer than this, as written or written out; it stops `1E+999999999`. */
const AMOUNT_MAX_CHARACTERS = 1024;

const WRITTEN = /^([+-]?)([\d.,]*\d[\d.,]*)(?:[eE]([+-]?\d{1,9}))?$/;
const GROUPED = /^[1-9]\d{0,2}(?:[.,]\d{3})+$/;

/** Of an amount that has no decimal comma, or has to be read as a text. */
export const NO_COMMA = -1;

/** Thrown to start over: amounts already written were read with the wrong decimal sign. */
export class DecimalSignFound extends Error {
  readonly decimalSign: DecimalSign;

  constructor(decimalSign: DecimalSign) {
    super(`the decimal sign of this file is ${decimalSign}`);
    this.decimalSign = decimalSign;
  }
}

export interface AmountReader {
  /**
   * Whether the bytes at `[start, end)` are an amount in canonical form, which says nothing about the
   * decimal sign that is not known yet: the common case, and the quick one.
   */
  isCanonical(window: Uint8Array, start: number, end: number): boolean;
  /**
   * Where the comma stands in the bytes at `[start, end)` if they are an amount in canonical form but for that
   * comma, which is known to be the decimal sign: the common case of a file written so. Else NO_COMMA.
   */
  commaOf(window: Uint8Array, start: number, end: number): number;
  /**
   * The canonical text of an amount: optional `-`, digits, optional `.` and digits, every digit that
   * was written. Empty text is an absent amount and stays empty.
   * @throws ArchiveError when it is not a number, or contradicts another amount of the file.
   * @throws DecimalSignFound when amounts have to be read again from the first.
   */
  read(text: string): string;
  /** @throws ArchiveError when the file has ended and its amounts can be read in two ways. */
  end(): void;
  /** What is known of the file so far. */
  readonly decimalSign: DecimalSign | undefined;
}

/** Writes `digits` with its decimal point moved right by `exponent`. */
function shifted(whole: string, fraction: string, exponent: number): string {
  const point = whole.length + exponent;
  const digits = whole + fraction;
  if (Math.max(point, digits.length, digits.length - point) > AMOUNT_MAX_CHARACTERS) {
    throw unexpectedContent('an amount has too many digits');
  }
  if (point <= 0) return `0.${'0'.repeat(-point)}${digits}`;
  if (point >= digits.length) return digits + '0'.repeat(point - digits.length);
  return `${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** Leading zeros that only a moved point has left: `1.5E-1` is `0.15`, `0.5E1` is `5`. */
function withoutLeadingZeros(text: string): string {
  return text.replace(/^0+(?=\d)/, '');
}

const POINT = 0x2e;
const COMMA = 0x2c;
const MINUS = 0x2d;

/** What is not digits with at most one sign among them. */
const NOT_PLAIN = -1;

/** Where the sign stands among the digits at `[start, end)`; `end` when it does not. */
function signOf(window: Uint8Array, start: number, end: number, sign: number): number {
  const first = window[start] === MINUS ? start + 1 : start;
  let found = end;
  for (let position = first; position < end; position++) {
    const byte = window[position] as number;
    if (byte >= 0x30 && byte <= 0x39) continue;
    if (byte !== sign || found < end) return NOT_PLAIN;
    found = position;
  }
  return first < end && found !== first && found !== end - 1 ? found : NOT_PLAIN;
}

function hasExponent(window: Uint8Array, start: number, end: number): boolean {
  for (let position = start; position < end; position++) {
    if (((window[position] as number) | 0x20) === 0x65) return true;
  }
  return false;
}

/**
 * The exact value of a well-formed JSON number (RFC 8259 §6) at `[start, end)`: `1E+3` is `1000`.
 * @returns its canonical text, or undefined when that is the source text itself.
 */
export function readJsonNumber(window: Uint8Array, start: number, end: number): Buffer | undefined {
  if (!hasExponent(window, start, end)) return undefined;
  const source = Buffer.from(window.subarray(start, end)).toString('latin1');
  const parts = /^(-?)(\d+)(?:\.(\d+))?[eE]([+-]?\d{1,9})$/.exec(source);
  if (parts === null) throw unexpectedContent('an exponent is too large');
  const [, sign = '', whole = '', fraction = '', exponent] = parts;
  return Buffer.from(sign + withoutLeadingZeros(shifted(whole, fraction, Number(exponent))));
}

/** What one amount says about the decimal sign of its file. */
interface Reading {
  /** Undefined when the amount bears no separator, or one that can be either. */
  decimalSign: DecimalSign | undefined;
  ambiguous: boolean;
}

function other(sign: string): DecimalSign {
  return sign === '.' ? ',' : '.';
}

function readingOf(number: string, isScientific: boolean): Reading {
  const last = Math.max(number.lastIndexOf('.'), number.lastIndexOf(','));
  if (last < 0) return { decimalSign: undefined, ambiguous: false };
  const sign = number[last] === '.' ? '.' : ',';
  const whole = number.slice(0, last);
  if (whole.includes(other(sign))) {
    // Both signs: the last is the decimal one, and it stands once, after clean groups.
    if (whole.includes(sign) || !GROUPED.test(whole))
      throw unexpectedContent('an amount is not a number');
    return { decimalSign: sign, ambiguous: false };
  }
  if (whole.includes(sign)) {
    if (!GROUPED.test(number)) throw unexpectedContent('an amount is not a number');
    return { decimalSign: other(sign), ambiguous: false };
  }
  return GROUPED.test(number) && !isScientific
    ? { decimalSign: undefined, ambiguous: true }
    : { decimalSign: sign, ambiguous: false };
}

/**
 * Reads the amounts of one file, in one pass over it.
 *
 * @param settled the decimal sign that an earlier pass has found; without it `.` is taken for the
 *   decimal sign until an amount says otherwise, and amounts that were read so far were the same
 *   under both readings, or DecimalSignFound is thrown.
 */
export function createAmountReader(settled?: DecimalSign): AmountReader {
  let decimalSign = settled;
  let ambiguous = false;

  function learn(found: DecimalSign): void {
    if (decimalSign === undefined && found === ',' && ambiguous) throw new DecimalSignFound(found);
    if (decimalSign !== undefined && decimalSign !== found) {
      throw unexpectedContent('amounts of this file contradict each other on the decimal sign');
    }
    decimalSign = found;
  }

  function read(text: string): string {
    const trimmed = text.trim();
    if (trimmed === '') return '';
    const parts = trimmed.length > AMOUNT_MAX_CHARACTERS ? null : WRITTEN.exec(trimmed);
    if (parts === null) throw unexpectedContent('an amount is not a number');
    const [, sign = '', number = '', exponent] = parts;
    const reading = readingOf(number, exponent !== undefined);
    if (reading.decimalSign !== undefined) learn(reading.decimalSign);
    if (reading.ambiguous) ambiguous = true;
    const decimal = decimalSign ?? '.';
    const [whole = '', fraction = ''] = number.replaceAll(other(decimal), '').split(decimal);
    const digits =
      exponent === undefined
        ? (whole === '' ? '0' : whole) + (fraction === '' ? '' : `.${fraction}`)
        : withoutLeadingZeros(shifted(whole, fraction, Number(exponent)));
    return sign === '-' ? `-${digits}` : digits;
  }

  return {
    isCanonical(window, start, end) {
      const sign = signOf(window, start, end, POINT);
      return sign === end || (sign !== NOT_PLAIN && decimalSign === '.');
    },
    commaOf(window, start, end) {
      if (decimalSign !== ',' || end - start > AMOUNT_MAX_CHARACTERS) return NO_COMMA;
      const sign = signOf(window, start, end, COMMA);
      return sign === end ? NO_COMMA : sign;
    },
    read,
    get decimalSign() {
      return decimalSign;
    },
    end() {
      if (ambiguous && decimalSign === undefined) {
        throw unexpectedContent('the amounts of this file can be read in two ways');
      }
    },
  };
}

/** Changes an input a little, as a seed decides: bytes, ranges, numbers, words of its format, and parts of other inputs. */
import type { Random } from '../support/random.ts';

/** Longer than any row may be (64 KiB), and short enough for many tries. */
export const INPUT_MAX_BYTES = 80 * 1024;

/** Where numbers of 8, 16, 32 and 64 bits, limits of ours and exponents turn over. */
const NUMBERS = [
  '0',
  '-0',
  '1',
  '-1',
  '127',
  '128',
  '255',
  '256',
  '32768',
  '65535',
  '65536',
  '2147483647',
  '2147483648',
  '4294967295',
  '4294967296',
  '9007199254740993',
  '18446744073709551615',
  '1.234',
  '1,234',
  '0.10',
  '1e5',
  '1E-999999999',
  '1e1023',
  '9'.repeat(1_025),
];
const BYTES = [0x00, 0x01, 0x0a, 0x0d, 0x1f, 0x22, 0x5c, 0x7f, 0x80, 0xc3, 0xef, 0xff];
const MOST_CHANGES = 4;

type Change = (input: Buffer, random: Random, format: Format) => Buffer;

/** What inputs are made of. */
export interface Format {
  /** Inputs to begin with, and to take parts of. */
  pool: readonly Buffer[];
  words: readonly string[];
}

const CHANGES: readonly Change[] = [
  flipBit,
  setByte,
  remove,
  repeat,
  splice,
  exchangeNumber,
  setBinaryNumber,
  putWord,
];

/** An input of the pool, changed at one to four places. */
export function mutated(random: Random, format: Format): Buffer {
  let input = random.pick(format.pool);
  for (let left = 1 + random.below(MOST_CHANGES); left > 0; left -= 1)
    input = random.pick(CHANGES)(input, random, format);
  return input.subarray(0, INPUT_MAX_BYTES);
}

/** `input` with the bytes from `start` to `end` exchanged. */
function exchanged(input: Buffer, start: number, end: number, middle: Uint8Array): Buffer {
  return Buffer.concat([input.subarray(0, start), middle, input.subarray(end)]);
}

/** Short ones more often than long ones. */
function range(input: Buffer, random: Random): [start: number, end: number] {
  const start = random.below(input.length + 1);
  const most = random.chance(0.7) ? 16 : input.length;
  return [start, Math.min(input.length, start + 1 + random.below(most))];
}

function flipBit(input: Buffer, random: Random): Buffer {
  const at = random.below(input.length);
  return exchanged(input, at, at + 1, Buffer.of((input[at] ?? 0) ^ (1 << random.below(8))));
}

function setByte(input: Buffer, random: Random): Buffer {
  const at = random.below(input.length);
  // One more, or one in place of another.
  return exchanged(input, at, at + random.below(2), Buffer.of(random.pick(BYTES)));
}

function remove(input: Buffer, random: Random): Buffer {
  return exchanged(input, ...range(input, random), Buffer.alloc(0));
}

/** Now and then so often that a limit of length is passed. */
function repeat(input: Buffer, random: Random): Buffer {
  const [start, end] = range(input, random);
  const part = input.subarray(start, end);
  const times = random.chance(0.05) ? Math.ceil(70_000 / (part.length + 1)) : 1 + random.below(4);
  return exchanged(input, end, end, Buffer.alloc(part.length * times, part));
}

function splice(input: Buffer, random: Random, { pool }: Format): Buffer {
  const other = random.pick(pool);
  return exchanged(input, ...range(input, random), other.subarray(...range(other, random)));
}

/** A number that is written in digits, by another; where there is none, one more. */
function exchangeNumber(input: Buffer, random: Random): Buffer {
  const found = [...input.toString('latin1').matchAll(/\d+/g)];
  const number = Buffer.from(random.pick(NUMBERS));
  if (found.length === 0) return exchanged(input, ...range(input, random), number);
  const { index, 0: digits } = random.pick(found);
  return exchanged(input, index, index + digits.length, number);
}

/** As fields of a zip are: 2, 4 or 8 bytes, the least first. */
function setBinaryNumber(input: Buffer, random: Random): Buffer {
  const width = random.pick([2, 4, 8]);
  const field = Buffer.alloc(8);
  const most = 2n ** BigInt(8 * width) - 1n;
  field.writeBigUInt64LE(
    random.pick([
      0n,
      1n,
      most,
      most - 1n,
      most / 2n,
      BigInt(input.length),
      BigInt(random.below(64)),
    ]),
  );
  const at = random.below(input.length + 1);
  return exchanged(input, at, at + width, field.subarray(0, width));
}

function putWord(input: Buffer, random: Random, { words }: Format): Buffer {
  const [start, end] = range(input, random);
  return exchanged(
    input,
    start,
    random.chance(0.5) ? start : end,
    Buffer.from(random.pick(words), 'latin1'),
  );
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  add,
  compareDecimals,
  decimalText,
  differenceText,
  isZero,
  subtract,
  toDecimal,
} from '../../src/lib/decimal.ts';

const text = fc.stringMatching(/^-?(0|[1-9]\d{0,40})(\.\d{1,35})?$/);
/** One that does its sums as a schoolbook does, over 40 places. */
const scaled = (value: string): bigint => {
  const [whole = '', fraction = ''] = value.replace('-', '').split('.');
  return BigInt(whole + fraction.padEnd(40, '0')) * (value.startsWith('-') ? -1n : 1n);
};

test('a number that goes in comes out with every digit', () => {
  fc.assert(
    fc.property(text, (value) => {
      const isNegativeZero = /^-[0.]+$/.test(value);
      assert.equal(decimalText(toDecimal(value)), isNegativeZero ? value.slice(1) : value);
    }),
  );
});

test('sums, differences and comparisons are exact, with the places of the longer one', () => {
  fc.assert(
    fc.property(text, text, (one, other) => {
      const [a, b] = [toDecimal(one), toDecimal(other)];
      assert.equal(scaled(decimalText(add(a, b))), scaled(one) + scaled(other));
      assert.equal(scaled(decimalText(subtract(a, b))), scaled(one) - scaled(other));
      assert.equal(subtract(a, b).places, Math.max(a.places, b.places));
      const order = scaled(one) - scaled(other);
      assert.equal(compareDecimals(a, b), order === 0n ? 0 : order < 0n ? -1 : 1);
    }),
  );
});

test('what floating point would change stays', () => {
  const sum = add(toDecimal('0.1'), toDecimal('0.2'));
  assert.equal(decimalText(sum), '0.3');
  assert.equal(
    decimalText(subtract(toDecimal('12345678901234567.123'), toDecimal('0.0001'))),
    '12345678901234567.1229',
  );
  assert.equal(decimalText(subtract(toDecimal('-0.05'), toDecimal('0.05'))), '-0.10');
});

test('a difference by the quick way is the one by the long way, around the length at which it ends too', () => {
  const short = fc.stringMatching(/^-?\d{1,16}(\.\d{1,15})?$/);
  const either = fc.oneof(short, text);
  fc.assert(
    fc.property(either, either, (one, other) => {
      const difference = decimalText(subtract(toDecimal(one), toDecimal(other)));
      assert.equal(differenceText(one, other), difference);
      assert.equal(isZero(difference), scaled(one) === scaled(other));
    }),
    { numRuns: 2_000 },
  );
  assert.equal(differenceText('1.50', ''), '1.50');
  assert.equal(differenceText('', '-0.05'), '0.05');
  assert.equal(differenceText('-0', '0.00'), '0.00');
  assert.equal(
    differenceText('999999999999999', '0.0000000000001'),
    '999999999999998.9999999999999',
  );
});

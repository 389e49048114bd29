/** The console's sums: exact, whatever the digits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { add, compareDecimals, decimalText, toDecimal, ZERO } from '../../console/lib/decimal.ts';

test('gives every digit back', () => {
  for (const text of [
    '0',
    '0.00',
    '-0.10',
    '1250.00',
    '12345678901234567.123',
    '-7',
    `1${'0'.repeat(40)}.5`,
  ]) {
    assert.equal(decimalText(toDecimal(text)), text);
  }
});

test('adds what doubles would spoil', () => {
  const sum = ['0.1', '0.2', '9007199254740993', '-0.30'].map(toDecimal).reduce(add, ZERO);
  assert.equal(decimalText(sum), '9007199254740993.00');
});

test('compares as the numbers do', () => {
  const whole = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
  fc.assert(
    fc.property(whole, whole, fc.nat(6), (one, other, places) => {
      const scaled = { units: other * 10n ** BigInt(places), places };
      const expected = one === other ? 0 : one < other ? -1 : 1;
      assert.equal(compareDecimals({ units: one, places: 0 }, scaled), expected);
    }),
  );
});

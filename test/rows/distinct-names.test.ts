/** Each file of a report has a name of its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distinctNames } from '../../src/rows/distinct-names.ts';

const CASES: [names: string[], expected: string[]][] = [
  [[], []],
  [
    ['a.csv', 'b.csv'],
    ['a.csv', 'b.csv'],
  ],
  [
    ['a.csv', 'a.csv', 'a.csv'],
    ['a.csv', 'a (2).csv', 'a (3).csv'],
  ],
  [
    ['a', 'a'],
    ['a', 'a (2)'],
  ],
  [
    ['a.csv', 'a.csv', 'a (2).csv'],
    ['a.csv', 'a (3).csv', 'a (2).csv'],
  ],
  [
    ['a.b.csv', 'a.b.csv'],
    ['a.b.csv', 'a.b (2).csv'],
  ],
];

for (const [names, expected] of CASES) {
  test(`${names.join(', ')} are told apart`, () => {
    assert.deepEqual(distinctNames(names), expected);
  });
}

test('a thousand files of one name are told apart', () => {
  const given = distinctNames(Array.from({ length: 1003 }, () => 'rapor.json'));
  assert.equal(new Set(given).size, 1003);
});

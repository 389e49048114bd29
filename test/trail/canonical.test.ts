/** The canonical form of what stands in the trail. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  array,
  assert as check,
  boolean,
  dictionary,
  letrec,
  maxSafeInteger,
  oneof,
  property,
  string,
} from 'fast-check';
import { canonical, type Canonical } from '../../src/trail/canonical.ts';

test('names stand in the order of RFC 8785 §3.2.3', () => {
  const example = {
    '\u20ac': 'Euro Sign',
    '\r': 'Carriage Return',
    '\ufb33': 'Hebrew Letter Dalet With Dagesh',
    '1': 'One',
    '\ud83d\ude00': 'Grinning Face',
    '\u0080': 'Control',
    '\u00f6': 'Latin Small Letter O With Diaeresis',
  };
  assert.deepEqual(
    [...canonical(example).matchAll(/:"([^"]*)"/g)].map(([, text]) => text),
    [
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ],
  );
});

test('texts are written as RFC 8785 §3.2.2.2 has them', () => {
  assert.equal(
    canonical({ string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"\u0001/' }),
    '{"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"\\u0001/"}',
  );
});

test('what is written is what was given, and writing it again changes nothing', () => {
  const { tree } = letrec<{ tree: Canonical }>((tie) => ({
    tree: oneof(
      { depthSize: 'small' },
      string({ unit: 'grapheme' }),
      maxSafeInteger().map((number) => number + 0),
      boolean(),
      array(tie('tree')),
      dictionary(string({ unit: 'grapheme' }), tie('tree'), { noNullPrototype: true }),
    ),
  }));
  check(
    property(tree, (value) => {
      const text = canonical(value);
      assert.deepEqual(JSON.parse(text), value);
      assert.equal(canonical(JSON.parse(text) as Canonical), text);
    }),
  );
});

test('a number that has no safe form, and half a pair of surrogates', () => {
  for (const number of [0.5, NaN, Infinity, 2 ** 53]) {
    assert.throws(() => canonical({ number }), TypeError);
  }
  assert.equal(canonical('a\ud800b'), '"a\ufffdb"');
});

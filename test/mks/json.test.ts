/** JSON as MKS writes it: no digit lost on the way in or out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { canonicalJson, isObject, parseJson, scalarText, textAt } from '../../src/mks/json.ts';

test('every number goes out as it came in', () => {
  const number = fc.stringMatching(/^-?(0|[1-9]\d{0,30})(\.\d{1,20})?([eE][+-]?\d{1,3})?$/);
  fc.assert(
    fc.property(number, (text) => {
      assert.equal(JSON.stringify(parseJson(`{"a":${text}}`)), `{"a":${text}}`);
      assert.equal(scalarText(parseJson(text)), text);
    }),
  );
});

test('a number that was kept as text is no object', () => {
  const { big } = parseJson('{"big":1.10}') as Record<string, unknown>;
  assert.equal(isObject(big), false);
  assert.equal(isObject([]), false);
  assert.equal(isObject(null), false);
  assert.equal(isObject({}), true);
});

test('a text is trimmed, may be a number, and is none when it is empty or too long', () => {
  const object = { text: ' abc ', number: 12, empty: '  ', list: ['a'], none: null };
  assert.equal(textAt(object, 'text', 3), 'abc');
  assert.equal(textAt(object, 'text', 2), undefined);
  assert.equal(textAt(object, 'number', 5), '12');
  for (const name of ['empty', 'list', 'none', 'absent']) {
    assert.equal(textAt(object, name, 5), undefined, name);
  }
});

test('the same value is the same text, whatever the order of its names', () => {
  const one = parseJson('{"b":{"d":1.10,"c":[2,{"f":1,"e":2}]},"a":null}');
  const other = parseJson('{"a":null,"b":{"c":[2,{"e":2,"f":1}],"d":1.10}}');
  assert.equal(canonicalJson(one), canonicalJson(other));
  assert.equal(canonicalJson(one), '{"a":null,"b":{"c":[2,{"e":2,"f":1}],"d":1.10}}');
  assert.notEqual(canonicalJson({ list: [1, 2] }), canonicalJson({ list: [2, 1] }));
});

/** The strict reading of JSON: as JSON.parse, but for names that come twice or reach a prototype. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseStrictJson, StrictJsonError } from '../../src/lib/json.ts';

test('reads every JSON value as JSON.parse does', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const names = [...text.matchAll(/"((?:[^"\\]|\\.)*)"\s*:/g)].map(([, name]) => name);
      fc.pre(!names.some((name) => /proto|constructor/.test(name ?? '')));
      assert.deepEqual(parseStrictJson(text), JSON.parse(text));
    }),
  );
});

test('finds a name that comes twice at any depth, however it is written', () => {
  const twice = [
    '{"a":1,"a":1}',
    '[{"b":{"a":[{"x":1}],"a":2}}]',
    '{"a":{"a":1},"b":"{\\"a\\":1}","a":3}',
    '{"\\u0061":1,"a":1}',
    '{"\\"":1,"\\u0022":1}',
  ];
  for (const text of twice) assert.throws(() => parseStrictJson(text), StrictJsonError, text);
  const once = [
    '{"a":{"a":1},"b":{"a":"a"}}',
    '[{"a":1},{"a":1}]',
    '{"a":"\\"a\\":1,","b":["a","a"]}',
  ];
  for (const text of once) assert.deepEqual(parseStrictJson(text), JSON.parse(text), text);
});

test('refuses names that reach a prototype, and what is not JSON', () => {
  for (const name of ['__proto__', '\\u005f_proto__', 'constructor', 'prototype']) {
    assert.throws(() => parseStrictJson(`{"x":[{"${name}":{}}]}`), StrictJsonError, name);
  }
  for (const text of ['', '{', '{"a":1}x', "{'a':1}", 'NaN']) {
    assert.throws(() => parseStrictJson(text), SyntaxError, text);
  }
});

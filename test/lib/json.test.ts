/** Strict JSON: as JSON.parse where every name stands once, and refused where one does not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseStrictJson, StrictJsonError } from '../../src/lib/json.ts';

const FORBIDDEN = ['__proto__', 'constructor', 'prototype'];

test('what has each name once is read as JSON.parse reads it, however it is written', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, undefined, indent);
      fc.pre(!FORBIDDEN.some((name) => text.includes(name)));
      assert.deepEqual(parseStrictJson(text), JSON.parse(text));
    }),
  );
});

test('a name that stands twice is refused at every level, escapes or not', () => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue(), fc.nat({ max: 3 }), (name, value, depth) => {
      fc.pre(!FORBIDDEN.includes(name));
      const member = (key: string) => `${key}:${JSON.stringify(value)}`;
      const escaped = [...Array(name.length).keys()]
        .map((at) => `\\u${name.charCodeAt(at).toString(16).padStart(4, '0')}`)
        .join('');
      let text = `{${member(JSON.stringify(name))}, ${member(`"${escaped}"`)}}`;
      for (let n = 0; n < depth; n += 1) text = `[0, {"x}\\"{": ${text}}]`;
      fc.pre(!FORBIDDEN.some((each) => JSON.stringify(value).includes(each)));
      assert.throws(() => parseStrictJson(text), StrictJsonError, text);
    }),
  );
});

test('names that reach a prototype are refused; as values they are texts', () => {
  for (const name of FORBIDDEN) {
    assert.throws(() => parseStrictJson(`{"a":[{"${name}":1}]}`), StrictJsonError);
    assert.deepEqual(parseStrictJson(`["${name}"]`), [name]);
  }
  assert.throws(() => parseStrictJson('{"\\u005f_proto__":1}'), StrictJsonError);
  for (const text of ['', '{', "{'a':1}", '[1,]', '{"a":1}x']) {
    assert.throws(() => parseStrictJson(text), SyntaxError, text);
  }
  // The same name in two objects is no repetition, and a text is no name.
  assert.deepEqual(parseStrictJson('[{"a":1},{"a":"a"}]'), [{ a: 1 }, { a: 'a' }]);
});

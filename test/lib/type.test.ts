/** Our builders make what typebox makes, whose types they bear. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as typebox from 'typebox';
import { Type } from '../../src/lib/type.ts';

type Builders = typeof Type;

const told = { description: 'd', default: 'x', turkish: 't' };
const cases: Record<string, (type: Builders) => object> = {
  'each plain type': (type) =>
    type.Object({
      text: type.String(),
      whole: type.Integer({ minimum: 1 }),
      number: type.Number({ exclusiveMinimum: 0 }),
      truth: type.Boolean(told),
      any: type.Unknown(),
      word: type.Literal('a'),
      count: type.Literal(1),
      choice: type.Enum(['a', 'b'], told),
      list: type.Array(type.String(told), { minItems: 1 }),
      either: type.Union([type.String(), type.Integer()], told),
    }),
  'what need not be there': (type) => {
    const shared = type.Optional(type.String(told));
    return type.Object(
      { a: shared, b: type.String(), c: type.Optional(shared) },
      { additionalProperties: false, ...told },
    );
  },
  'nothing that has to be there': (type) => type.Object({ a: type.Optional(type.String()) }),
  'what is optional in one place has to be there in another': (type) => {
    const text = type.String();
    return type.Object({ a: type.Optional(text), b: text });
  },
  'an option wins': (type) => type.Object({ a: type.String() }, { required: [] }),
  'all of it optional': (type) =>
    type.Partial(type.Object({ a: type.String(), b: type.Optional(type.Integer()) }, told)),
  'properties taken over': (type) => {
    const base = type.Partial(type.Object({ a: type.String() }));
    return type.Object({ ...base.properties, b: type.String() });
  },
  'texts by name': (type) => type.Record(type.String(), type.Object({ a: type.String() }), told),
  'a type of its own': (type) => type.Unsafe<string>({ $ref: 'x#' }),
  'a type of its own, optional': (type) =>
    type.Object({ a: type.Optional(type.Unsafe<string>(type.String(told))) }),
};

for (const [name, build] of Object.entries(cases)) {
  test(name, () => {
    // As text: the order of what a schema says is the order in the OpenAPI document.
    assert.equal(JSON.stringify(build(Type)), JSON.stringify(build(typebox.Type)));
  });
}

test('each builder is tried above', () => {
  const tried = Object.values(cases).map(String).join('\n');
  const untried = Object.keys(Type).filter((name) => !tried.includes(`type.${name}`));
  assert.deepEqual(untried, []);
});

/** The words for a value that has not its schema's shape, in both languages. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type } from 'typebox';
import { createFindings } from '../../src/config/findings.ts';
import { hasShape, told } from '../../src/config/shape.ts';

const schema = Type.Object(
  {
    name: Type.String(told('must be a name', 'ad olmalı')),
    kind: Type.Optional(Type.Enum(['a', 'b'])),
    'a/b~c': Type.Optional(Type.Number({ maximum: 2 })),
    list: Type.Optional(Type.Array(Type.Object({ n: Type.Integer({ minimum: 1 }) }))),
    set: Type.Optional(Type.Array(Type.String(), { uniqueItems: true })),
  },
  { additionalProperties: false },
);

const cases: [value: unknown, en: string[], tr: string[]][] = [
  [{ name: 'x', kind: 'a' }, [], []],
  [[], ['V: must be an object'], ['V: türü object olmalı']],
  [{}, ['V: name: is required'], ['V: name: gerekli']],
  [{ name: 1 }, ['V: name: must be a name'], ['V: name: ad olmalı']],
  [{ name: '', z: 1 }, ['V: z: is not a known field'], ['V: z: bilinmeyen alan']],
  [
    { name: '', kind: 'c' },
    ['V: kind: must be one of a, b'],
    ['V: kind: şunlardan biri olmalı: a, b'],
  ],
  [{ name: '', 'a/b~c': 3 }, ['V: a/b~c: must be at most 2'], ['V: a/b~c: en çok 2 olmalı']],
  [
    { name: '', list: [{ n: 1 }, { n: 0 }] },
    ['V: list[1].n: must be at least 1'],
    ['V: list[1].n: en az 1 olmalı'],
  ],
  // A keyword that no words are kept for is told of in the validator's.
  [
    { name: '', set: ['a', 'a'] },
    ['V: set: must NOT have duplicate items (items ## 1 and 0 are identical)'],
    ['V: set: geçerli değil (uniqueItems)'],
  ],
];

for (const [value, en, tr] of cases) {
  test(`told of ${JSON.stringify(value)}`, () => {
    const findings = createFindings();
    assert.equal(hasShape(schema, value, findings.variable('V')), en.length === 0);
    assert.deepEqual(
      findings.mistakes.map((mistake) => mistake.en),
      en,
    );
    assert.deepEqual(
      findings.mistakes.map((mistake) => mistake.tr),
      tr,
    );
  });
}

test('the ninth mistake of a file is told too', () => {
  const findings = createFindings();
  const unknown = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`z${index}`, 1]));
  const list = Array.from({ length: 20 }, () => ({ n: 0 }));
  hasShape(schema, { name: '', list, ...unknown }, findings.variable('V'));
  assert.equal(findings.mistakes.length, 40);
});

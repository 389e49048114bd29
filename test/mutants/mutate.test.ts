/** Mutants of a source, made by hand here. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applied, mutantsOf } from './mutate.ts';

function changesOf(text: string): string[] {
  return mutantsOf('src/a.ts', text).map((mutant) => applied(text, mutant));
}

test('operators, conditions, numbers, truths and calls are changed, each alone', () => {
  assert.deepEqual(changesOf('x = a < b;'), ['void 0;', 'x = a <= b;']);
  assert.deepEqual(changesOf('const x = (a) && /* why */ !b;'), [
    'const x = (a) || /* why */ !b;',
    'const x = (a) && /* why */ b;',
  ]);
  assert.deepEqual(changesOf('if (a.b) await go();'), [
    'if (true) await go();',
    'if (false) await go();',
    'if (a.b) void 0;',
  ]);
  assert.deepEqual(changesOf('const x = [7, true];'), [
    'const x = [8, true];',
    'const x = [7, false];',
  ]);
});

test('types are left alone, and do not shift the places', () => {
  const text = 'interface A { b: 1 | true }\nconst x: A<2> = y as unknown as A === z;\n';
  const [mutant, ...others] = mutantsOf('src/a.ts', text);
  assert.deepEqual(others, []);
  assert.equal(mutant?.line, 2);
  assert.equal(applied(text, mutant), text.replace('===', '!=='));
});

test('a mutant keeps its name when its line moves, and shares it with no other', () => {
  const text = 'x = a && b && c;\n';
  const names = mutantsOf('src/a.ts', text).map(({ name }) => name);
  assert.deepEqual(names.toSorted(), [
    'src/a.ts | && → || | x = a && b && c;',
    'src/a.ts | && → || | x = a && b && c; | 2',
    'src/a.ts | x = a && b && c → void 0 | x = a && b && c;',
  ]);
  const moved = mutantsOf('src/a.ts', `go;\n  ${text}`).map(({ name }) => name);
  assert.deepEqual(moved, names);
});

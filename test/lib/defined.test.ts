/** What is left out is what is undefined, and that alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defined } from '../../src/lib/defined.ts';

test('undefined is left out; null, false, 0 and an empty text are values', () => {
  const given = { a: undefined, b: null, c: false, d: 0, e: '', f: 'x' };
  const kept = defined(given);
  assert.deepEqual(Object.entries(kept), [
    ['b', null],
    ['c', false],
    ['d', 0],
    ['e', ''],
    ['f', 'x'],
  ]);
  assert.equal('a' in kept, false, 'absent, and not a name without a value');
  assert.ok('a' in given, 'what was given is not changed');
});

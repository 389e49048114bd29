/** Lines of a turn are one write, in their order; a process that ends in it can have them written first. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { byTurn } from '../../src/lib/by-turn.ts';

test('the lines of one turn are one write, and none waits longer', async () => {
  const writes: string[] = [];
  const lines = byTurn({ write: (text) => writes.push(text) });
  lines.write('one\n');
  lines.write('two\n');
  await Promise.resolve();
  lines.write('three\n');
  assert.deepEqual(writes, []);
  await turn();
  assert.deepEqual(writes, ['one\ntwo\nthree\n']);
  lines.write('four\n');
  await turn();
  assert.deepEqual(writes, ['one\ntwo\nthree\n', 'four\n']);
});

test('what is flushed is written at once, and once', async () => {
  const writes: string[] = [];
  const lines = byTurn({ write: (text) => writes.push(text) });
  lines.write('one\n');
  lines.flush();
  assert.deepEqual(writes, ['one\n']);
  lines.write('two\n');
  lines.flushSync();
  lines.flush();
  await turn();
  assert.deepEqual(writes, ['one\n', 'two\n']);
});

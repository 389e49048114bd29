/** Lines of a turn, or of a pause, are one write in their order; a process that ends can have them written first. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { byTurn } from '../../src/lib/by-turn.ts';
import { until } from '../support/until.ts';

/** Between two writes. */
const PAUSE_MS = 10;

test('the lines of one turn are one write at its end', async () => {
  const writes: string[] = [];
  const lines = byTurn({ write: (text) => writes.push(text) });
  lines.write('one\n');
  lines.write('two\n');
  await Promise.resolve();
  lines.write('three\n');
  assert.deepEqual(writes, []);
  await turn();
  assert.deepEqual(writes, ['one\ntwo\nthree\n']);
});

test('turn by turn there is a write a pause at most, and nothing is left', async () => {
  const writes: string[] = [];
  const lines = byTurn({ write: (text) => writes.push(text) });
  const numbers = Array.from({ length: 100 }, (_, number) => `${number}\n`);
  const began = performance.now();
  for (const number of numbers) {
    lines.write(number);
    await turn();
  }
  await until(() => writes.join('') === numbers.join(''));
  assert.ok(writes.length <= 2 + (performance.now() - began) / PAUSE_MS, String(writes.length));
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

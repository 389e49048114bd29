/** What many do in one turn of the event loop is bounded, in the order of their coming. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPace } from '../../src/lib/pace.ts';

test('so many bytes a turn, first come first served', async () => {
  const pace = createPace(100);
  const done: number[] = [];
  for (let n = 0; n < 10; n += 1) pace(40, () => done.push(n));
  const perTurn: number[] = [];
  for (let before = 0; done.length < 10; before = done.length) {
    await new Promise((resolve) => setImmediate(resolve));
    perTurn.push(done.length - before);
    assert.ok(perTurn.length < 20, 'it comes to an end');
  }
  assert.deepEqual(done, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  // Between two looks of this test there may be two turns of the pace.
  for (const count of perTurn) assert.ok(count <= 6, `${perTurn.join()} in a turn`);
  assert.ok(perTurn.length > 1);
});

test('what is larger than a turn has one for itself', async () => {
  const pace = createPace(100);
  for (const amount of [1_000, 1_000, 1]) {
    await new Promise<void>((go) => pace(amount, go));
  }
});

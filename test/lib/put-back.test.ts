import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPutBackLook } from '../../src/lib/put-back.ts';

test('a clock that is put back is noticed once, one that goes on, forward or slowly back is not', () => {
  let [wall, elapsed] = [1_000_000, 0];
  const isPutBack = createPutBackLook({ now: () => wall, elapsedMs: () => elapsed });
  const after = (wallMs: number, elapsedMs: number): boolean => {
    wall += wallMs;
    elapsed += elapsedMs;
    return isPutBack();
  };
  assert.equal(after(5_000, 5_000), false);
  assert.equal(after(3_600_000, 5_000), false, 'forward');
  assert.equal(after(4_000, 5_000), false, 'slewed');
  assert.equal(after(-3_600_000, 5_000), true);
  assert.equal(after(5_000, 5_000), false, 'once');
  assert.equal(after(2_000, 5_000), true, 'by three seconds');
});

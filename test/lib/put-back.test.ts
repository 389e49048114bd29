import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPutBack } from '../../src/lib/put-back.ts';

test('a clock that is put back is noticed once, one that goes on, forward or slowly back is not', () => {
  let [wall, elapsed] = [1_000_000, 0];
  const putBack = createPutBack({ now: () => wall, elapsedMs: () => elapsed });
  const after = (wallMs: number, elapsedMs: number): boolean => {
    wall += wallMs;
    elapsed += elapsedMs;
    return putBack.look();
  };
  assert.equal(after(5_000, 5_000), false);
  assert.equal(after(3_600_000, 5_000), false, 'forward');
  assert.equal(after(4_000, 5_000), false, 'slewed');
  assert.equal(after(-3_600_000, 5_000), true);
  assert.equal(after(5_000, 5_000), false, 'once');
  assert.equal(after(2_000, 5_000), true, 'by three seconds');
});

test('a clock that goes forward and back between two looks is noticed where something was put off meanwhile', () => {
  let wall = 1_000_000;
  const putBack = createPutBack({ now: () => wall, elapsedMs: () => 0 });
  const jump = (hours: number): void => void (wall += hours * 3_600_000);
  jump(3);
  putBack.note();
  jump(-2);
  assert.equal(putBack.look(), true);
  assert.equal(putBack.look(), false, 'once');
  jump(2);
  jump(-1);
  assert.equal(putBack.look(), false, 'nothing was put off');
});

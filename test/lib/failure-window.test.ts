/** Failures by name: blocked for the rest of a window, in a bounded room. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFailureWindow } from '../../src/lib/failure-window.ts';

function setUp() {
  let elapsedMs = 0;
  const window = createFailureWindow({ limit: 3, windowMs: 100, maxNames: 2 }, () => elapsedMs);
  return { ...window, advance: (ms: number) => void (elapsedMs += ms) };
}

test('the limit blocks a name until its window ends, and no other name', () => {
  const { blockedMs, note, advance } = setUp();
  note('a');
  advance(40);
  note('a');
  assert.equal(blockedMs('a'), 0);
  note('a');
  assert.equal(blockedMs('a'), 60, 'the window began with the first');
  assert.equal(blockedMs('b'), 0);
  advance(59);
  note('a');
  assert.equal(blockedMs('a'), 1, 'a failure while blocked lengthens nothing');
  advance(1);
  assert.equal(blockedMs('a'), 0);
  note('a');
  note('a');
  assert.equal(blockedMs('a'), 0, 'a new window counts anew');
});

test('a name more than there is room for takes the place of the oldest window', () => {
  const { blockedMs, note, advance } = setUp();
  for (let n = 0; n < 3; n += 1) note('first');
  advance(1);
  for (let n = 0; n < 3; n += 1) note('second');
  assert.ok(blockedMs('first') > 0 && blockedMs('second') > 0);
  note('third');
  assert.equal(blockedMs('first'), 0);
  assert.ok(blockedMs('second') > 0);
});

/** News once a day: each thing for itself, anew after Istanbul's midnight. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOnceADay } from '../../src/lib/once-a-day.ts';

/** Half an hour before midnight in Istanbul. */
const EVENING = Date.parse('2026-11-02T23:30:00+03:00');

test('each thing is news once, and the next day in Istanbul again', () => {
  let now = EVENING;
  const isNewsToday = createOnceADay({ now: () => now });
  assert.deepEqual(['a', 'b', 'a', 'b'].map(isNewsToday), [true, true, false, false]);
  now += 29 * 60_000;
  assert.equal(isNewsToday('a'), false);
  now += 60_000;
  assert.deepEqual(['a', 'a', 'b'].map(isNewsToday), [true, false, true]);
});

test('two of them know nothing of each other', () => {
  const clock = { now: () => EVENING };
  const [one, other] = [createOnceADay(clock), createOnceADay(clock)];
  assert.deepEqual([one('a'), other('a')], [true, true]);
});

test('what does not fit into the memory of a day is told again, never kept back', () => {
  const isNewsToday = createOnceADay({ now: () => EVENING });
  for (let n = 0; n < 1_000; n += 1) isNewsToday(`thing ${n}`);
  assert.deepEqual(['one more', 'one more', 'thing 0'].map(isNewsToday), [true, true, false]);
});

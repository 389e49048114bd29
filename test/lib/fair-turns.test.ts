/** Places that nobody can take all of, and that who rests gives up. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFairTurns, type FairTurnsOptions, type Holder } from '../../src/lib/fair-turns.ts';

class TooLong extends Error {}

const busy: Holder = { restedMs: () => 0, end: () => assert.fail('a busy one is let alone') };
const never = new AbortController().signal;

function turns(change: Partial<FairTurnsOptions> = {}) {
  const tooLong = () => new TooLong();
  return createFairTurns({
    places: 3,
    placesOfOne: 2,
    waitMs: 60_000,
    mayRestMs: 1_000,
    tooLong,
    ...change,
  });
}

/** Whether it has settled once all that is ready has run. */
async function isDone(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  void promise.then(() => (done = true));
  await new Promise((resolve) => setImmediate(resolve));
  return done;
}

test('one has no more than its share, and others pass by', async () => {
  const { enter } = turns();
  const first = await enter('a', busy, never);
  await enter('a', busy, never);
  const third = enter('a', busy, never);
  assert.equal(await isDone(third), false);
  assert.equal(await isDone(enter('b', busy, never)), true);
  const other = enter('b', busy, never);
  assert.equal(await isDone(other), false, 'all places are taken');
  first();
  first();
  assert.equal(await isDone(third), true, 'the first in line goes first');
  assert.equal(await isDone(other), false, 'a place that is given back twice is one place');
  (await third)();
  (await other)();
});

test('who gives up leaves the line, and the wait has an end', async () => {
  const { enter } = turns({ places: 1, waitMs: 50 });
  const leave = await enter('a', busy, never);
  const leaving = new AbortController();
  const gone = enter('b', busy, leaving.signal);
  leaving.abort(new Error('gone'));
  await assert.rejects(gone, /gone/);
  await assert.rejects(enter('b', busy, leaving.signal), /gone/);
  await assert.rejects(enter('b', busy, never), TooLong);
  leave();
  assert.equal(await isDone(enter('c', busy, never)), true);
});

test('the one that rests longest is ended for the one that waits, of the same if he has all', async () => {
  const { enter } = turns();
  const ended: string[] = [];
  const rests = (name: string, restedMs: number): Holder => ({
    restedMs: () => restedMs,
    end: () => void ended.push(name),
  });
  await enter('a', rests('a short', 1_500), never);
  await enter('a', rests('a long', 5_000), never);
  await enter('b', rests('b longest', 9_000), never);
  await enter('a', busy, never);
  assert.deepEqual(ended, ['a long']);
  await enter('c', busy, never);
  assert.deepEqual(ended, ['a long', 'b longest']);
  await enter('c', busy, never);
  assert.deepEqual(ended, ['a long', 'b longest', 'a short']);
});

test('a crowd in line costs what it is, not its square', async () => {
  const { enter } = turns({ places: 96, placesOfOne: 48 });
  // Each with a signal of his own, as callers have: one that all share looks through its listeners for each new one.
  const crowd = (who: string) =>
    Array.from({ length: 20_000 }, () => enter(who, busy, new AbortController().signal));
  const began = performance.now();
  const entered = crowd('a');
  for (const each of entered) (await each)();
  const tookMs = performance.now() - began;
  // Looking at the whole line for each that comes took minutes.
  assert.ok(tookMs < 5_000, `${tookMs} ms`);
});

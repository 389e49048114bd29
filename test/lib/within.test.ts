/** Waiting with an end: the first of the two decides, and nothing is left behind. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settledWithin, TimeIsUpError, untilAborted, within } from '../../src/lib/within.ts';

const never = new Promise<never>(() => undefined);

test('what settles in time decides; else the time does, as Node names it', async () => {
  assert.equal(await within(60_000, Promise.resolve(7)), 7);
  const failed = new Error('failed');
  await assert.rejects(within(60_000, Promise.reject(failed)), failed);
  const began = performance.now();
  await assert.rejects(within(50, never), (error) => {
    assert.ok(error instanceof TimeIsUpError);
    assert.equal(error.code, 'ETIMEDOUT');
    return true;
  });
  const tookMs = performance.now() - began;
  assert.ok(tookMs >= 49 && tookMs < 2_000, `${tookMs} ms`);
});

test('a failure that comes too late ends no process', async () => {
  const late = Promise.withResolvers<void>();
  await assert.rejects(within(10, late.promise), TimeIsUpError);
  late.reject(new Error('too late'));
  await settledWithin(10, never);
  await settledWithin(10, Promise.reject(new Error('whatever')));
  await settledWithin(10, undefined);
});

test('an abort ends the waiting with the error asked for, while the work goes on', async () => {
  const work = Promise.withResolvers<number>();
  const leaving = new AbortController();
  let made = 0;
  const error = () => new Error(`left ${(made += 1)}`);
  const waiting = untilAborted(work.promise, leaving.signal, error);
  leaving.abort();
  await assert.rejects(waiting, /left 1/);
  work.resolve(7);
  assert.equal(await work.promise, 7);
  assert.equal(await untilAborted(work.promise, undefined, error), 7);
  assert.equal(await untilAborted(work.promise, new AbortController().signal, error), 7);
  await assert.rejects(untilAborted(never, AbortSignal.abort(), error), /left 2/);
});

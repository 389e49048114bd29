/** One run for all who ask, kept for so long after it has ended; a failure is kept for nobody. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import { shared } from '../../src/lib/shared.ts';

function setUp() {
  let elapsedMs = 0;
  const runs: PromiseWithResolvers<number>[] = [];
  const ask = shared(
    100,
    () => elapsedMs,
    () => {
      const run = Promise.withResolvers<number>();
      runs.push(run);
      return run.promise;
    },
  );
  return { ask, runs, advance: (ms: number) => void (elapsedMs += ms) };
}

test('all who ask while it is under way, however long, have one answer', async () => {
  const { ask, runs, advance } = setUp();
  const first = ask();
  advance(10_000);
  const second = ask();
  assert.equal(runs.length, 1);
  runs[0]?.resolve(7);
  assert.deepEqual(await Promise.all([first, second]), [7, 7]);
});

test('its age counts from its end, and the next begins anew when it is over', async () => {
  const { ask, runs, advance } = setUp();
  const first = ask();
  advance(1_000);
  runs[0]?.resolve(1);
  await first;
  await tick();
  advance(99);
  assert.equal(await ask(), 1);
  advance(1);
  const next = ask();
  assert.equal(runs.length, 2);
  runs[1]?.resolve(2);
  assert.equal(await next, 2);
});

test('a failure goes to those who waited for it, and the next to ask tries again', async () => {
  const { ask, runs } = setUp();
  const waiting = [ask(), ask()];
  const away = new Error('away');
  runs[0]?.reject(away);
  for (const each of waiting) await assert.rejects(each, away);
  await tick();
  const next = ask();
  runs[1]?.resolve(3);
  assert.equal(await next, 3);
});

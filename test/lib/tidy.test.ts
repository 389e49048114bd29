/** What the start has left is given back, once nobody is there who would wait for it. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { tidyAtRest } from '../../src/lib/tidy.ts';

const LOOK_MS = 50;

function isBusy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

test('a busy process is left alone; at rest the garbage goes', async () => {
  let left: object | undefined = { text: 'x'.repeat(1_000) };
  const leftover = new WeakRef(left);
  left = undefined;
  let isTidy = false;
  const tidying = tidyAtRest(LOOK_MS).then(() => (isTidy = true));
  for (let turn = 0; turn < 20; turn += 1) {
    isBusy(LOOK_MS / 2);
    await sleep(1);
  }
  assert.equal(isTidy, false, 'while it works');
  // What it has to wait for holds nobody up, so something else has to.
  const staying = setInterval(() => undefined, LOOK_MS);
  await tidying;
  clearInterval(staying);
  // A weak reference holds on to what it has been made of until the end of its turn.
  await sleep(1);
  assert.equal(leftover.deref(), undefined);
  assert.equal('gc' in globalThis, false);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import { createLimiter } from '../../src/lib/limiter.ts';

test('no more than its places run at once, in the order of asking, failures included', async () => {
  const limiter = createLimiter(2);
  let running = 0;
  let most = 0;
  const started: number[] = [];
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, n) =>
      limiter(async () => {
        started.push(n);
        running += 1;
        most = Math.max(most, running);
        await tick();
        running -= 1;
        if (n % 3 === 0) throw new Error('failed');
        return n;
      }),
    ),
  );
  assert.equal(most, 2);
  assert.deepEqual(
    started,
    Array.from({ length: 20 }, (_, n) => n),
  );
  assert.equal(results.filter((result) => result.status === 'rejected').length, 7);
});

/** Pages of an index: every entry once, the newest first, whatever shares a millisecond. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { newestFirst, type PagePlace } from '../../src/lib/page.ts';
import { readIndexPage } from '../../src/state/index-page.ts';
import { StateUnavailableError } from '../../src/state/errors.ts';
import { startState } from '../support/state.ts';

const openState = await startState();

/** Few times and many entries, so that most share theirs. */
const entries = fc.uniqueArray(
  fc.record(
    { time: fc.integer({ min: 0, max: 6 }), id: fc.stringMatching(/^[a-z0-9]{1,3}$/) },
    { noNullPrototype: true },
  ),
  { maxLength: 40, selector: ({ id }) => id },
);
const bound = fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined });

test('page after page gives what a sorted list gives', async (t) => {
  const { redis, prefix } = await openState(t);
  let n = 0;
  await fc.assert(
    fc.asyncProperty(
      entries,
      fc.integer({ min: 1, max: 7 }),
      bound,
      bound,
      async (all, limit, from, to) => {
        const index = `${prefix}${(n += 1)}`;
        for (const { time, id } of all) await redis.zadd(index, time, id);
        const expected = all
          .filter(({ time }) => time >= (from ?? 0) && time <= (to ?? Infinity))
          .toSorted(newestFirst);
        const bounds = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
        const seen: PagePlace[] = [];
        let before: PagePlace | undefined;
        for (;;) {
          const page = await readIndexPage(redis, index, { ...bounds, limit, before });
          assert.ok(page.length <= limit);
          seen.push(...page);
          if (page.length < limit) break;
          before = page.at(-1);
        }
        assert.deepEqual(seen, expected);
      },
    ),
    { numRuns: 60 },
  );
});

test('what is added above a place, or taken out at it, does not move the next page', async (t) => {
  const { redis, prefix } = await openState(t);
  for (const [time, id] of [
    [1, 'a'],
    [2, 'b'],
    [2, 'c'],
    [3, 'd'],
  ] as const) {
    await redis.zadd(prefix, time, id);
  }
  const [, second] = await readIndexPage(redis, prefix, { limit: 2 });
  assert.deepEqual(second, { time: 2, id: 'c' });
  await redis.zadd(prefix, 9, 'new');
  await redis.zrem(prefix, 'c');
  const next = await readIndexPage(redis, prefix, { limit: 2, before: second });
  assert.deepEqual(
    next.map(({ id }) => id),
    ['b', 'a'],
  );
  assert.deepEqual(await readIndexPage(redis, `${prefix}none`, { limit: 2 }), []);
});

test('without Redis it says so', async (t) => {
  const { redis } = await openState(t);
  redis.disconnect();
  await assert.rejects(readIndexPage(redis, 'i', { limit: 1 }), StateUnavailableError);
});

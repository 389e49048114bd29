/** Requests of one turn are counted with one round trip, and each has its own number. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRequestCounts } from '../../src/state/request-counts.ts';
import { startState } from '../support/state.ts';
import { until } from '../support/until.ts';

const openState = await startState();
const WINDOW_MS = 60_000;

test('numbers those of one turn one after another, each name by itself', async (t) => {
  const { redis, prefix } = await openState(t);
  const count = createRequestCounts(redis, prefix);
  const other = createRequestCounts(redis, prefix);
  assert.deepEqual(await count('a', WINDOW_MS), { current: 1, ttl: WINDOW_MS });
  const names = ['a', 'b', 'a', 'b', 'a'];
  const turn = await Promise.all(names.map((name) => count(name, WINDOW_MS)));
  assert.deepEqual(
    turn.map(({ current }) => current),
    [2, 1, 3, 2, 4],
  );
  assert.equal((await other('a', WINDOW_MS)).current, 5, 'what another replica counted');
  assert.ok((await redis.pttl(`${prefix}a`)) > WINDOW_MS - 10_000);
});

test('a window begins with the first and is not drawn out by the others', async (t) => {
  const { redis, prefix } = await openState(t);
  const count = createRequestCounts(redis, prefix);
  const shortMs = 200;
  await Promise.all([count('a', shortMs), count('a', shortMs)]);
  const { ttl } = await count('a', shortMs);
  assert.ok(ttl <= shortMs, String(ttl));
  await until(async () => (await redis.exists(`${prefix}a`)) === 0);
  assert.equal((await count('a', shortMs)).current, 1);
});

/** Calls through a wire that breaks: what nobody can know is unknown, and no used reference leaves again. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { callThroughFaults } from '../support/faulty-calls.ts';
import { startRedis } from '../support/redis.ts';

const CALLS = 200;
const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

test(`${CALLS} calls, three sendings in ten broken: no caller is told what is not so`, async (t) => {
  t.diagnostic(`SEED=${seed}`);
  const redis = await startRedis(t, ['--appendfsync', 'no']);
  const { wrong, struck, told, usedUp } = await callThroughFaults(t, redis, CALLS, seed);
  assert.deepEqual(wrong, []);
  assert.equal(Object.keys(struck).length, 5);
  assert.ok((told['unknown'] ?? 0) > CALLS / 10 && usedUp > CALLS / 2, JSON.stringify(told));
});

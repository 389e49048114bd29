/** Replicas that need a token at the same moment log in once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logInTogether } from '../support/one-login.ts';

test('2 processes × 20 callers: one login, cold, revoked or renewed ahead', async (t) => {
  const { servedByOld, ...told } = await logInTogether(t, { processes: 2, callers: 20 });
  assert.deepEqual(told, { cold: 1, revoked: 1, renewed: 1, failed: [] });
  assert.ok(servedByOld > 20, `${servedByOld} calls with the old token`);
});

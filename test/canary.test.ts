/**
 * Secrets and balances stay where they belong: canaries are sent through every route and every
 * failure that the sandbox knows, at the most talkative log level, and looked for in all that is left.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hunt } from './support/canary-hunt.ts';

test('no secret and no balance leaves its place, whatever happens, and each would be found', async (t) => {
  const { hits, unseen, canaries, requests, failures, bytes } = await hunt(t, false);
  assert.deepEqual(hits, []);
  assert.deepEqual(unseen, []);
  t.diagnostic(
    `${canaries} canaries, ${requests} requests, ${failures} failures, ${bytes} bytes searched`,
  );
});

/** No balance leaves unseen: a gateway that is killed while it is read, one that cannot write, and a trail that is changed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readUnderKills } from '../support/seen-balances.ts';
import { tamper } from '../support/tampered-trail.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

test('killed at any moment: every answer that began has its line; without a trail there is none', async (t) => {
  t.diagnostic(`SEED=${seed}`);
  const { began, unseen, refused, leaked } = await readUnderKills(t, 1, seed);
  assert.deepEqual([unseen, leaked], [[], []]);
  assert.ok(began >= 8 && refused > 8, `${began} answers, ${refused} refused`);
});

test('a chain with any of 60 random changes is found out', async (t) => {
  t.diagnostic(`SEED=${seed}`);
  assert.deepEqual(await tamper(60, seed), []);
});

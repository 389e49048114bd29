/** One report of a member at a time, however many ask which replica (rule 5), seen from MKS's side. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askAsCrowd } from '../support/crowd.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const SIZE = { seed: SEED, replicas: 2, members: 6, requests: 60 };

test(`MKS, which would take two at once, is never asked for them (seed ${SEED})`, async (t) => {
  const { reports, ...found } = await askAsCrowd(t, { ...SIZE, overlaps: 'accepted' });
  assert.deepEqual(found, { overlapsAccepted: 0, busy: 0, failed: [] });
  assert.ok(reports > SIZE.members, `${reports}`);
});

test(`whoever is answered RP003 is tried again until it is taken (seed ${SEED})`, async (t) => {
  const found = await askAsCrowd(t, { ...SIZE, overlaps: 'refused' });
  assert.deepEqual(found.failed, []);
  assert.ok(found.busy > 0, 'nobody was answered RP003');
});

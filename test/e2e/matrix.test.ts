/** Every route × client × member: who gets what. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { call, clientsOf, crossEverything, setUpMatrix } from '../support/access-matrix.ts';

const MEMBERS = ['AKY', 'TIB'];

test('every route gives every client its own, and nothing of another', async (t) => {
  const { routes, clients, cells, leaks } = await crossEverything(t, MEMBERS);
  assert.deepEqual(leaks, []);
  t.diagnostic(`${cells} cells, 0 leaks`);
  assert.equal(cells, routes * clients * MEMBERS.length);
});

test('without a key no path tells whether it exists', async (t) => {
  const { url, reports } = await setUpMatrix(t, MEMBERS, clientsOf(MEMBERS));
  const paths = [
    `/balances/${reports.get('TIB')}`,
    '/balances/00000000-0000-4000-8000-000000000000',
    '/no/such/path',
    '/members/TIB',
    '/members/NONE',
  ];
  for (const path of paths) {
    const answers = await Promise.all(
      [undefined, 'wrong'].map((key) => call(url, ['GET', path], key)),
    );
    for (const answer of answers) assert.equal(answer.status, 401, path);
  }
});

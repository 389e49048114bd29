/** Which ready report holds a day's balances, on a real store. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { createFindReady } from '../../src/reports/find-ready.ts';
import { joinKeyOf } from '../../src/reports/join-key.ts';
import { toReport } from '../../src/reports/record.ts';
import { createReportStore } from '../../src/reports/store.ts';
import { startState } from '../support/state.ts';

const openState = await startState();
const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-03-02T12:00:00+03:00');
const wanted = { member: 'TIB', processDate: '20260227', filters: {} };

test('the one that is joined, else the newest that is ready, else none', async (t) => {
  const { redis, keys } = await openState(t);
  const store = createReportStore(redis, keys, 24 * HOUR_MS);
  const findReady = createFindReady(store, async (id) => {
    const record = await store.get(id);
    return record && toReport(record);
  });
  let age = 0;
  async function create(refresh = false): Promise<string> {
    age += 1;
    const id = randomUUID();
    await store.admit({
      client: 'a',
      record: {
        ...wanted,
        id,
        kind: 'report',
        client: 'a',
        joinKey: joinKeyOf(wanted),
        state: 'queued',
        phase: 'request',
        version: 1,
        createdAt: NOW + age,
        updatedAt: NOW + age,
        expiresAt: NOW + 24 * HOUR_MS,
        attempts: 0,
        pauses: 0,
        damaged: 0,
      },
      refresh,
      queue: { limit: 1_000, members: ['TIB'] },
      mayCreate: true,
      bodyDigest: '',
    });
    return id;
  }
  async function end(state: 'ready' | 'failed'): Promise<string | undefined> {
    const id = await store.grant('TIB', NOW);
    const run = await store.claim('TIB', id ?? '', 'run');
    assert.ok(run);
    await store.update(run, 'run', NOW, { end: state });
    return id;
  }
  const found = async () => (await findReady(wanted))?.id;

  assert.equal(await found(), undefined);
  const first = await create();
  assert.equal(await found(), undefined, 'it is still queued');
  assert.equal(await end('ready'), first);
  assert.equal(await found(), first);

  await create(true);
  assert.equal(await found(), first, 'a fresh one is on its way: the ready one still counts');
  await end('failed');
  assert.equal(await found(), first);
  const third = await create(true);
  await end('ready');
  assert.equal(await found(), third);
  assert.equal(await findReady({ ...wanted, member: 'AKY' }), undefined);
  assert.equal(await findReady({ ...wanted, filters: { isin: 'TRAGARAN91N1' } }), undefined);
});

test('filters are the same in any order', () => {
  const one = joinKeyOf({ ...wanted, filters: { isin: 'A', accNo: '1' } });
  assert.equal(one, joinKeyOf({ ...wanted, filters: { accNo: '1', isin: 'A' } }));
  assert.notEqual(one, joinKeyOf({ ...wanted, filters: { accNo: 'A', isin: '1' } }));
  assert.notEqual(one, joinKeyOf({ ...wanted, processDate: '20260228', filters: { isin: 'A' } }));
});

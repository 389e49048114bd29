/** One run: nobody but the newest writes, and a mistake of ours is not repeated for ever. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runReport } from '../../../src/reports/life/run.ts';
import { setUpLife, signed } from './support.ts';

const accepted = signed('0000', { refId: 'R1' });

test('a run that another has superseded stops and leaves no trace', async (t) => {
  const { deps, answer, begin, run, record, freed } = await setUpLife(t);
  const report = await begin();
  answer(async (received) => {
    await deps.store.claim('TIB', report.id, 'a newer run');
    return accepted(received);
  });
  assert.equal(await run(report), undefined);
  const { state, refId, run: owner } = await record(report);
  assert.deepEqual([state, refId, owner], ['queued', undefined, 'a newer run']);
  assert.deepEqual(freed, []);
});

test('a job of a report that has ended frees what it may have held, and does nothing else', async (t) => {
  const { deps, upstream, answer, begin, run, freed } = await setUpLife(t);
  const report = await begin();
  answer(signed('RP039'));
  await run(report);
  const before = await deps.store.get(report.id);
  assert.equal(await run(report), undefined);
  assert.deepEqual(await deps.store.get(report.id), before);
  assert.deepEqual(freed, ['TIB']);
  assert.equal(upstream.calls.length, 1);
  assert.equal(await run({ id: 'never made' }), undefined);
});

test('a mistake of ours fails the report in the end, without a word of the inside', async (t) => {
  const { deps, begin, record } = await setUpLife(t);
  const report = await begin({ phase: 'fetch', state: 'preparing', refId: 'R1', fileNames: [] });
  const broken = {
    ...deps,
    fetcher: { fetch: () => Promise.reject(new TypeError('secret of the inside')) },
  };
  const never = new AbortController().signal;
  const stops = { signal: never, lateSignal: never };
  const waits: unknown[] = [];
  for (let n = 0; n < 5; n += 1) {
    waits.push(await runReport(broken, { member: 'TIB', id: report.id }, stops));
  }
  assert.deepEqual(
    waits.map((each) => each !== undefined),
    [true, true, true, true, false],
  );
  const { state, failure } = await record(report);
  assert.deepEqual(
    [state, failure],
    ['failed', { code: 'internal', detail: 'an unexpected error' }],
  );
});

for (const expires of [false, true]) {
  test(`a file that is missing is a mistake of ours, ${expires ? 'but not' : 'unless it is'} of a report that expired`, async (t) => {
    const { deps, begin, record, logged } = await setUpLife(t);
    const report = await begin({ phase: 'fetch', state: 'preparing', refId: 'R1', fileNames: [] });
    const fetch = async (): Promise<never> => {
      const { expiresAt } = report;
      if (expires) await deps.store.expire(report, expiresAt, expiresAt + 1);
      throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    };
    const never = new AbortController().signal;
    const stops = { signal: never, lateSignal: never };
    const wait = await runReport({ ...deps, fetcher: { ...deps.fetcher, fetch } }, report, stops);
    assert.equal(wait === undefined, expires);
    assert.equal((await record(report)).state, expires ? 'expired' : 'preparing');
    const told = logged.map(({ msg }) => msg);
    assert.deepEqual(told, expires ? [] : ['a report step failed']);
  });
}

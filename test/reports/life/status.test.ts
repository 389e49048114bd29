/** The step that asks how far a report is: a read, repeated with new references until it is told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredReport } from '../../../src/reports/record.ts';
import { POLL_MS, setUpLife, signed } from './support.ts';

const AT_MKS: Partial<StoredReport> = { state: 'preparing', phase: 'status', refId: 'R1' };

test('while MKS makes it, polls grow longer and only news is told', async (t) => {
  const { upstream, answer, begin, run, record } = await setUpLife(t);
  const report = await begin({ ...AT_MKS, attempts: 3 });
  answer(signed('RP021'), signed('RP021'), signed('RP023'));
  const first = (await run(report)) ?? 0;
  const { version, mks, attempts } = await record(report);
  assert.deepEqual([mks?.code, attempts], ['RP021', 0]);
  assert.ok(version > report.version);
  const second = (await run(report)) ?? 0;
  assert.equal((await record(report)).version, version, 'the same again is no news');
  await run(report);
  assert.ok((await record(report)).version > version);
  assert.ok(first >= POLL_MS * 0.89 && first <= POLL_MS * 1.11, `${first}`);
  assert.ok(second >= POLL_MS * 1.34 && second <= POLL_MS * 1.66, `${second}`);
  assert.deepEqual(
    upstream.calls.map(({ payload }) => payload['refId']),
    ['R1', 'R1', 'R1'],
  );
  assert.equal(new Set(upstream.calls.map(({ senderReference }) => senderReference)).size, 3);
});

test('the next poll is put where the last reports were made, and this one teaches the next', async (t) => {
  const { deps, answer, begin, run, record, advance } = await setUpLife(t);
  const earlier = await begin();
  const claimed = await deps.store.claim('TIB', earlier.id, 'earlier');
  assert.ok(claimed);
  const took = { durationMs: 9_000, preparationMs: 5_000 };
  await deps.store.update(claimed, 'earlier', deps.clock.now(), { end: 'ready', took });
  const report = await begin({ ...AT_MKS, acceptedAt: deps.clock.now() });
  answer(signed('RP021'), signed('0000', { fileNames: ['one.zip'] }), signed('RP026'));
  const wait = (await run(report)) ?? 0;
  assert.ok(wait > 3_000 && wait <= 5_000, `${wait}`);
  advance(6_000);
  await run(report);
  const { preparationMs = 0 } = await record(report);
  assert.ok(preparationMs >= 3_000 && preparationMs < 4_500, `${preparationMs}`);
  const { id } = await begin();
  const next = await deps.store.claim('TIB', id, 'next');
  assert.deepEqual(next?.preparations, [preparationMs, 5_000]);
});

test('once it is made the slot is the next one’s, and its files are asked for in the same run', async (t) => {
  const { deps, upstream, answer, admit, begin, run, record, slotWentTo } = await setUpLife(t);
  const report = await begin({ ...AT_MKS, attempts: 3, pauses: 9 });
  const next = await admit();
  answer(signed('0000', { fileNames: ['one.zip', 'two.zip', 'one.zip'] }), signed('RP023'));
  await run(report);
  const { phase, fileNames, attempts, state } = await record(report);
  assert.deepEqual([phase, state, attempts], ['fetch', 'preparing', 0]);
  assert.deepEqual(fileNames, ['one.zip', 'two.zip']);
  assert.deepEqual(slotWentTo, [next.id]);
  assert.equal((await deps.store.queue('TIB')).slot?.holder, next.id);
  assert.deepEqual(
    upstream.calls.map(({ payload }) => payload['fileName']),
    [undefined, 'one.zip'],
  );
});

test('what MKS would refuse by the hour is not given the slot that has become free', async (t) => {
  const { deps, answer, admit, begin, run, slotWentTo } = await setUpLife(t);
  const report = await begin(AT_MKS);
  await admit();
  deps.mayStart = () => false;
  answer(signed('0000', { fileNames: ['one.zip'] }), signed('RP023'));
  await run(report);
  assert.deepEqual(slotWentTo, []);
  assert.deepEqual(await deps.store.idle(['TIB']), ['TIB'], 'the sweeper gives it at the opening');
});

test('a caller’s own report ends here: nothing of it is fetched', async (t) => {
  const { upstream, answer, admit, begin, run, record, slotWentTo } = await setUpLife(t);
  const report = await begin({ ...AT_MKS, kind: 'follow' });
  const next = await admit();
  answer(signed('0000', { fileNames: ['one.zip'] }));
  assert.equal(await run(report), undefined);
  assert.equal((await record(report)).state, 'ready');
  assert.deepEqual(slotWentTo, [next.id]);
  assert.equal(upstream.calls.length, 1);
});

test('no data is a good report without rows', async (t) => {
  const { answer, begin, run, record } = await setUpLife(t);
  const report = await begin(AT_MKS);
  answer(signed('RP026'));
  assert.equal(await run(report), undefined);
  const { state, rowCount, files, mks, readyAt } = await record(report);
  assert.deepEqual([state, rowCount, files, mks?.code], ['ready', 0, [], 'RP026']);
  assert.ok(readyAt !== undefined);
});

test('a report that MKS has lost starts over once, in turn again, and then fails', async (t) => {
  const { deps, answer, begin, run, record, freed } = await setUpLife(t);
  const report = await begin({ ...AT_MKS, acceptedOn: '20250506', fileNames: ['one.zip'] });
  answer(signed('RP018'), signed('0000', { refId: 'R2' }), signed('RP018'));
  assert.equal(await run(report), undefined);
  const again = await record(report);
  assert.deepEqual(
    [again.state, again.phase, again.refId, again.acceptedOn, again.fileNames, again.granted],
    ['queued', 'request', undefined, undefined, undefined, undefined],
  );
  assert.deepEqual(freed, ['TIB']);
  assert.equal(again.secret, report.secret);
  assert.equal(await deps.store.grant('TIB', Date.now()), report.id);
  await run(report);
  assert.equal((await record(report)).refId, 'R2');
  assert.equal(await run(report), undefined);
  const { state, failure } = await record(report);
  assert.deepEqual([state, failure?.mks?.code], ['failed', 'RP018']);
});

test('a used reference, and a yes without its names, are asked again five times in a row', async (t) => {
  const { answer, begin, run, record } = await setUpLife(t);
  const used = signed('RP045');
  const report = await begin(AT_MKS);
  // One good answer in between begins the count anew.
  answer(used, used, used, used, signed('RP023'), used, used, used, used, used);
  for (let n = 0; n < 9; n += 1) assert.ok((await run(report)) !== undefined, `${n}`);
  assert.equal(await run(report), undefined);
  assert.equal((await record(report)).failure?.mks?.code, 'RP045');
  for (const fileNames of [[], [' '], [7], Array.from({ length: 10_001 }, (_, n) => `${n}.zip`)]) {
    const bare = await begin({ ...AT_MKS, attempts: 4 });
    answer(signed('0000', { fileNames }));
    assert.equal(await run(bare), undefined);
    const { state, failure } = await record(bare);
    assert.deepEqual([state, failure?.code, failure?.outcome], ['failed', 'mks-error', 'unknown']);
  }
});

test('a signed refusal fails it at once', async (t) => {
  const { answer, begin, run, record } = await setUpLife(t);
  const report = await begin(AT_MKS);
  answer(signed('RP039'));
  assert.equal(await run(report), undefined);
  const { state, failure } = await record(report);
  assert.deepEqual([state, failure?.code, failure?.mks?.code], ['failed', 'mks-rejected', 'RP039']);
});

test('a code to wait for is waited for though nobody signed it; a page is waited out', async (t) => {
  const { answer, begin, run, record } = await setUpLife(t);
  const report = await begin({ ...AT_MKS, attempts: 4 });
  answer(
    () => ({ status: 422, body: '{"responseCode":"RP021"}' }),
    () => ({ status: 502, body: '<html>' }),
    signed('RP023'),
  );
  assert.ok(((await run(report)) ?? 0) > 0);
  assert.deepEqual(
    [(await record(report)).attempts, (await record(report)).waiting],
    [0, undefined],
  );
  assert.ok(((await run(report)) ?? 0) > 0);
  const { waiting } = await record(report);
  assert.equal(waiting?.for, 'mks-error');
  assert.match(waiting?.detail ?? '', /HTTP 502/);
  await run(report);
  assert.equal((await record(report)).waiting, undefined, 'and over with the next answer');
});

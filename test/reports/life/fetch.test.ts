/** The step that brings the files: all of them or none, and a damaged one three times at most. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StoredReport } from '../../../src/reports/record.ts';
import { ndjson, ROW } from '../../rows/read/helpers.ts';
import { archive, passwordOf, setUpLife, signed } from './support.ts';

const MADE: Partial<StoredReport> = {
  state: 'preparing',
  phase: 'fetch',
  refId: 'R1',
  fileNames: ['one.zip', 'two.zip'],
};

test('every file is read before the report is ready', async (t) => {
  const life = await setUpLife(t);
  const { deps, upstream, answer, begin, run, record, spool, freed, slotWentTo } = life;
  const report = await begin({ ...MADE, attempts: 3 });
  const password = passwordOf(life, report);
  answer(await archive(password, 2), async (received) => {
    assert.equal((await record(report)).state, 'preparing');
    assert.equal(await spool.has(report.id, 2), false, 'nothing is there before all is');
    return (await archive(password, 1))(received);
  });
  assert.equal(await run(report), undefined);
  const { state, rowCount, files, digest, readyAt, attempts } = await record(report);
  assert.deepEqual([state, rowCount, attempts], ['ready', 3, 0]);
  assert.equal(files?.length, 2);
  assert.equal(new Set(files).size, 2, 'no two files of one name');
  assert.match(digest ?? '', /^[0-9a-f]{64}$/);
  assert.ok(readyAt !== undefined);
  const { spoolKey } = deps.secrets.open(report);
  const rows = Buffer.concat(await Array.fromAsync(spool.plainRows(report.id, spoolKey, 2)));
  assert.equal(rows.toString(), ndjson([ROW, ROW, ROW]));
  assert.deepEqual(
    upstream.calls.map(({ payload }) => [payload['refId'], payload['fileName']]),
    [
      ['R1', 'one.zip'],
      ['R1', 'two.zip'],
    ],
  );
  assert.deepEqual([freed, slotWentTo], [[], []], 'nobody is in turn');
  assert.equal((await deps.store.durations('TIB')).length, 1, 'the next estimate rests on it');
});

test('a damaged archive is fetched again twice; one that comes whole then is good', async (t) => {
  const life = await setUpLife(t);
  const { answer, begin, run, record, spool } = life;
  const other = await archive('Another1', 1);
  const report = await begin({ ...MADE, fileNames: ['one.zip'] });
  answer(other, () => ({
    headers: { 'content-type': 'application/octet-stream' },
    body: Buffer.from('PK\u0003\u0004 not a zip'),
  }));
  assert.ok(((await run(report)) ?? 0) > 0);
  assert.ok(((await run(report)) ?? 0) > 0);
  assert.equal((await record(report)).damaged, 2);
  answer(await archive(passwordOf(life, report), 1));
  assert.equal(await run(report), undefined);
  assert.equal((await record(report)).state, 'ready');

  const lost = await begin({ ...MADE, fileNames: ['one.zip'] });
  answer(other, other, other);
  await run(lost);
  await run(lost);
  assert.equal(await run(lost), undefined);
  const { state, failure } = await record(lost);
  assert.deepEqual(
    [state, failure?.code, failure?.reason],
    ['failed', 'mks-archive-invalid', 'wrong-password'],
  );
  assert.match(failure?.senderReference ?? '', /^GW\d+-/, 'the message that brought it');
  assert.equal(await spool.has(lost.id, 1), false);
});

test('what no other transfer can mend fails at once', async (t) => {
  const life = await setUpLife(t, { archiveMaxBytes: 2_000 });
  const { upstream, answer, begin, run, record } = life;
  const content = { 'content-type': 'application/octet-stream' };
  for (const [reason, make] of [
    ['too-large', async () => () => ({ headers: content, body: Buffer.alloc(3_000, 'PK') })],
    ['unexpected-content', (password: string) => archive(password, '[{"not":"a row"}]')],
  ] as const) {
    const report = await begin({ ...MADE, fileNames: ['one.zip'] });
    const before = upstream.calls.length;
    answer(await make(passwordOf(life, report)));
    assert.equal(await run(report), undefined, reason);
    const { failure } = await record(report);
    assert.deepEqual([failure?.code, failure?.reason], ['mks-archive-invalid', reason]);
    assert.match(failure?.senderReference ?? '', /^GW\d+-/, 'the message that brought it');
    assert.equal(upstream.calls.length, before + 1);
  }
});

test('a message in the place of a file decides by its kind', async (t) => {
  const { answer, begin, run, record } = await setUpLife(t);
  const ends: [code: string, state: string, more: Partial<StoredReport>][] = [
    ['RP023', 'preparing', {}],
    ['RP026', 'ready', { rowCount: 0 }],
    ['RP045', 'preparing', { attempts: 1 }],
    ['0000', 'preparing', { attempts: 1 }],
    ['RP039', 'failed', {}],
    ['RP018', 'queued', { restarted: true }],
  ];
  for (const [code, state, more] of ends) {
    const report = await begin(MADE);
    answer(signed(code));
    await run(report);
    const after = await record(report);
    assert.equal(after.state, state, code);
    for (const [name, value] of Object.entries(more)) {
      assert.equal(after[name as keyof StoredReport], value, `${code} ${name}`);
    }
    // The member's slot for the next: MKS has none of them.
    await endIt(report);
  }

  async function endIt(report: StoredReport): Promise<void> {
    if ((await record(report)).state !== 'preparing') return;
    answer(signed('RP039'));
    await run(report);
  }
});

test('without a key for its secrets it starts over once, then it has expired', async (t) => {
  const { deps, upstream, begin, run, record } = await setUpLife(t);
  const secret = 'sealed by a key that is gone';
  const report = await begin({ ...MADE, secret });
  assert.equal(await run(report), undefined);
  const again = await record(report);
  assert.deepEqual([again.state, again.phase, again.restarted], ['queued', 'request', true]);
  assert.equal(await deps.store.grant('TIB', Date.now()), report.id);
  const claimed = await deps.store.claim('TIB', report.id, 'test');
  assert.ok(claimed);
  await deps.store.update(claimed, 'test', Date.now(), { set: MADE });
  assert.equal(await run(report), undefined);
  const { state, failure } = await record(report);
  assert.deepEqual([state, failure?.code, failure?.retryable], ['failed', 'report-expired', true]);
  assert.equal(upstream.calls.length, 0);
});

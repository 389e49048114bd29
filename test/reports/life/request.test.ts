/** The step that asks MKS for a report: recorded before it leaves, and never sent twice in doubt. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toIstanbulDate } from '../../../src/lib/dates.ts';
import { mkk } from '../../mks/support.ts';
import { granted, jws } from '../../support/upstream.ts';
import { until } from '../../support/until.ts';
import {
  broken,
  forged,
  page,
  POLL_MS,
  REQUEST_TIMEOUT_MS,
  RETENTION_MS,
  setUpLife,
  signed,
} from './support.ts';

const accepted = signed('0000', { refId: 'R1' });

test('an accepted report is at MKS, with what it was asked by recorded before it left', async (t) => {
  const { deps, upstream, answer, admit, begin, run, record, slotWentTo } = await setUpLife(t);
  const report = await begin();
  await admit();
  let atSending = await record(report);
  answer(async (received) => {
    atSending = await record(report);
    return accepted(received);
  });
  const waitMs = (await run(report)) ?? 0;
  const [sent] = upstream.calls;
  assert.equal(atSending.sending?.senderReference, sent?.senderReference);
  assert.ok((atSending.sending?.deadline ?? 0) > Date.now());
  const { requestHeader: _, ...body } = sent?.payload ?? {};
  assert.deepEqual(body, {
    processDate: '20250505',
    isin: 'TRAGARAN91N1',
    zipPassword: deps.secrets.open(report).zipPassword,
    fileType: 'json',
  });
  const after = await record(report);
  assert.deepEqual(
    [after.state, after.phase, after.refId, after.acceptedOn, after.sending, after.waiting],
    ['preparing', 'status', 'R1', toIstanbulDate(Date.now()), undefined, undefined],
  );
  assert.equal(after.expiresAt, (after.acceptedAt ?? 0) + RETENTION_MS);
  assert.ok(after.version > report.version, 'the askers are told');
  assert.ok(waitMs >= POLL_MS * 0.9 - 1 && waitMs <= POLL_MS * 1.1 + 1, `${waitMs}`);
  assert.deepEqual(slotWentTo, [], 'MKS is making it');
});

test('while another report runs there, it waits and asks under a new reference', async (t) => {
  const { deps, upstream, answer, begin, run, record } = await setUpLife(t);
  const report = await begin({ attempts: 2, pauses: 5 });
  answer(signed('RP003'), signed('RP003'), accepted);
  const firstMs = (await run(report)) ?? 0;
  assert.ok(firstMs >= POLL_MS * 0.9 - 1 && firstMs <= POLL_MS * 1.1 + 1, `${firstMs}`);
  const { waiting, sending, attempts, version } = await record(report);
  assert.deepEqual([waiting?.for, sending, attempts], ['mks-busy', undefined, 2]);
  await run(report);
  const again = await record(report);
  assert.equal(again.version, version, 'the same wait is no news');
  assert.equal(again.waiting?.since, waiting?.since);
  assert.equal((await deps.store.queue('TIB')).slot?.holder, report.id);
  await run(report);
  assert.equal((await record(report)).state, 'preparing');
  assert.equal(new Set(upstream.calls.map(({ senderReference }) => senderReference)).size, 3);
});

test('without an answer nothing goes before the deadline, then the same message once more', async (t) => {
  const { upstream, answer, begin, run, record, advance } = await setUpLife(t);
  const report = await begin();
  answer(broken, accepted);
  const waitMs = (await run(report)) ?? 0;
  const { sending, waiting } = await record(report);
  assert.equal(waiting?.for, 'mks-unknown-outcome');
  assert.equal(sending?.senderReference, upstream.calls[0]?.senderReference);
  assert.ok(Date.now() + waitMs > (sending?.deadline ?? Infinity));
  const leftMs = (await run(report)) ?? 0;
  assert.equal(upstream.calls.length, 1);
  assert.ok(leftMs > 0 && leftMs <= REQUEST_TIMEOUT_MS + 50, `${leftMs}`);
  // Another replica's wall clock may be ahead: then Redis has the last word.
  advance(3_600_000);
  assert.ok(((await run(report)) ?? 0) > 0);
  assert.equal(upstream.calls.length, 1);
  advance(-3_600_000);
  await until(async () => {
    await run(report);
    return upstream.calls.length === 2;
  });
  const [first, second] = upstream.calls;
  assert.deepEqual(second?.payload, first?.payload, 'the same message under the same reference');
  assert.equal((await record(report)).state, 'preparing');
});

test('RP045 to a message sent again says that the first was taken: waited out, then asked anew', async (t) => {
  const { upstream, answer, begin, run, record } = await setUpLife(t);
  const report = await begin();
  answer(page, signed('RP045'), accepted);
  await run(report);
  const { sending, waiting } = await record(report);
  assert.equal(waiting?.for, 'mks-error');
  assert.ok((sending?.deadline ?? Infinity) <= Date.now(), 'a whole answer ended the sending');
  await run(report);
  const taken = await record(report);
  assert.deepEqual([taken.waiting?.for, taken.sending, taken.attempts], ['mks-busy', undefined, 0]);
  assert.equal(taken.mayBeAtMks, true, 'so it is not to be taken back');
  await run(report);
  const references = upstream.calls.map(({ senderReference }) => senderReference);
  assert.equal(references[1], references[0]);
  assert.notEqual(references[2], references[0]);
});

test('what MKS may have taken is not taken back, though nobody knows its refId', async (t) => {
  const { deps, answer, begin, run, record } = await setUpLife(t);
  const report = await begin();
  const withdraw = async () => deps.store.withdraw(await record(report), 'a', Date.now());
  answer(forged, signed('RP003'), accepted);
  await run(report);
  assert.equal(await withdraw(), 'sent');
  await run(report);
  const { sending, mayBeAtMks } = await record(report);
  assert.deepEqual([sending, mayBeAtMks], [undefined, true], 'a messageId used the reference up');
  assert.equal(await withdraw(), 'sent');
  await run(report);
  assert.equal(await withdraw(), 'sent', 'what runs there may be ours');
  await run(report);
  assert.equal((await record(report)).state, 'preparing');
});

test('a message that MKS failed over under a messageId may be there, and is not taken back', async (t) => {
  const { deps, upstream, answer, begin, run, record } = await setUpLife(t);
  const report = await begin();
  const failing: typeof forged = ({ senderReference }) => ({
    status: 500,
    body: jws({ responseHeader: { senderReference, messageId: '7' } }, mkk.privateKey),
  });
  answer(failing, accepted);
  await run(report);
  const { sending, mayBeAtMks, waiting } = await record(report);
  assert.deepEqual([sending, mayBeAtMks, waiting?.for], [undefined, true, 'mks-error']);
  assert.equal(await deps.store.withdraw(await record(report), 'a', Date.now()), 'sent');
  await run(report);
  assert.equal((await record(report)).state, 'preparing');
  assert.equal(new Set(upstream.calls.map(({ senderReference }) => senderReference)).size, 2);
});

test('RP045 to a first sending is somebody else’s reference: another is tried, five times', async (t) => {
  const { upstream, answer, begin, run, record } = await setUpLife(t);
  const report = await begin();
  answer(...Array.from({ length: 5 }, () => signed('RP045')));
  while ((await run(report)) !== undefined);
  const { state, failure } = await record(report);
  assert.deepEqual([state, failure?.code, failure?.mks?.code], ['failed', 'mks-rejected', 'RP045']);
  assert.equal(new Set(upstream.calls.map(({ senderReference }) => senderReference)).size, 5);
});

test('a signed refusal fails it and frees the slot; so does a yes without a refId', async (t) => {
  const { deps, answer, admit, begin, run, record, slotWentTo } = await setUpLife(t);
  const refused = await begin();
  answer(signed('RP026'), signed('0000'));
  assert.equal(await run(refused), undefined);
  const { failure, state, secret } = await record(refused);
  assert.deepEqual(
    [state, failure?.code, failure?.outcome, failure?.mks?.code, secret],
    ['failed', 'mks-rejected', 'refused', 'RP026', undefined],
  );
  const bare = await begin();
  const next = await admit();
  assert.equal(await run(bare), undefined);
  const { failure: second } = await record(bare);
  assert.deepEqual([second?.code, second?.outcome], ['mks-error', 'unknown']);
  assert.deepEqual(slotWentTo, [next.id]);
  assert.equal((await deps.store.queue('TIB')).slot?.holder, next.id);
});

test('a yes that nobody signed is not believed, and asked again under its own reference', async (t) => {
  const { upstream, answer, begin, run, record } = await setUpLife(t);
  const report = await begin();
  const withoutId: typeof forged = async (received) => {
    const reply = await forged(received);
    assert.ok(typeof reply === 'object' && typeof reply.body === 'string');
    return { body: reply.body.replace(/"messageId":"\d+"/, '"messageId":""') };
  };
  answer(...Array.from({ length: 5 }, () => withoutId));
  while ((await run(report)) !== undefined);
  const { state, failure, refId } = await record(report);
  assert.deepEqual([state, failure?.code, refId], ['failed', 'mks-untrusted-response', undefined]);
  assert.equal(upstream.calls.length, 5);
  assert.equal(new Set(upstream.calls.map(({ senderReference }) => senderReference)).size, 1);
});

test('a login that fails, with whatever code, never fails the report', async (t) => {
  const { upstream, begin, run, record } = await setUpLife(t);
  const report = await begin();
  upstream.onAuth = () => ({ status: 500, body: '{"response":{"responseCode":"OI020"}}' });
  for (let n = 0; n < 7; n += 1) {
    assert.ok(((await run(report)) ?? 0) > 0);
    const { waiting, state, attempts } = await record(report);
    assert.deepEqual([state, waiting?.for, attempts], ['queued', 'mks-error', 0]);
    assert.match(waiting?.detail ?? '', /MKS gave no token.*OI020/);
  }
  assert.deepEqual([upstream.logins, upstream.calls.length], [3, 0]);
});

test('what never left is asked under a new reference, once MKS can be reached', async (t) => {
  const { upstream, answer, begin, run, record } = await setUpLife(t);
  const report = await begin();
  // So that it is logged in.
  answer(signed('RP003'));
  await run(report);
  await upstream.close();
  await until(async () => {
    assert.ok(((await run(report)) ?? 0) > 0);
    return (await record(report)).waiting?.for === 'mks-unreachable';
  });
  assert.equal((await record(report)).sending, undefined);
});

test('with secrets that no key opens it goes with new ones', async (t) => {
  const { deps, upstream, answer, begin, run, record } = await setUpLife(t);
  const report = await begin({ secret: 'sealed by a key that is gone' });
  answer(accepted);
  assert.ok(((await run(report)) ?? 0) > 0, 'in the same run');
  const after = await record(report);
  assert.equal(after.state, 'preparing');
  assert.equal(upstream.calls[0]?.payload['zipPassword'], deps.secrets.open(after).zipPassword);
});

test('a process that begins to close while it logs in sends nothing any more', async (t) => {
  const { upstream, begin, run, record } = await setUpLife(t);
  const report = await begin();
  const stopping = new AbortController();
  upstream.onAuth = () => {
    stopping.abort(new Error('closing'));
    return granted();
  };
  await assert.rejects(run(report, stopping.signal), /closing/);
  assert.deepEqual([upstream.logins, upstream.calls.length], [1, 0]);
  assert.equal((await record(report)).sending, undefined, 'the next process asks anew');
});

test('an answer that comes while the process closes is not lost', async (t) => {
  const { answer, begin, run, record } = await setUpLife(t);
  const report = await begin();
  const stopping = new AbortController();
  answer((received) => {
    stopping.abort(new Error('closing'));
    return accepted(received);
  });
  await run(report, stopping.signal);
  assert.equal((await record(report)).refId, 'R1');
});

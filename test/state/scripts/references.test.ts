/** The scripts of references: the rule of MKS 3.2.2, kept by Redis and its clock alone. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { runScript } from '../../../src/state/script.ts';
import {
  issueReference,
  resendReference,
  settleReference,
} from '../../../src/state/scripts/references.ts';
import { startState } from '../../support/state.ts';
import { until } from '../../support/until.ts';

const openState = await startState();

const ISSUED = {
  prefix: 'GW',
  random: 'R',
  service: 's',
  payload: 'p',
  sendingMs: 60_000,
  tokenEnd: '',
};
const KEPT_MS = 100_000;

async function setUp(t: TestContext) {
  const { redis, prefix } = await openState(t);
  const [counter, record, token] = [`${prefix}counter`, `${prefix}record`, `${prefix}token`];
  const issue = (change: Partial<typeof ISSUED> = {}) =>
    runScript(redis, issueReference, [counter, record, token], {
      ...ISSUED,
      keptMs: KEPT_MS,
      ...change,
    });
  const resend = (change: { reference?: string; service?: string; payloads?: string[] } = {}) =>
    runScript(redis, resendReference, [record], {
      reference: 'GW1-R',
      service: 's',
      payloads: ['p'],
      sendingMs: 60_000,
      keptMs: KEPT_MS,
      ...change,
    });
  const settle = (attempt: number, end: { state?: 'not-sent' | 'answered'; messageId?: string }) =>
    runScript(redis, settleReference, [record], {
      reference: 'GW1-R',
      attempt,
      state: end.state ?? 'answered',
      usedKeptMs: 5_000,
      ...end,
    });
  const stored = () => redis.hgetall(record);
  return { redis, counter, record, token, issue, resend, settle, stored };
}

test('each reference has the next number, and is recorded as being sent', async (t) => {
  const { redis, counter, record, issue, stored } = await setUp(t);
  assert.deepEqual(await issue(), ['GW1-R', 0]);
  const [seconds = 0] = await redis.time();
  const { deadline, ...rest } = await stored();
  assert.deepEqual(rest, {
    reference: 'GW1-R',
    service: 's',
    payload: 'p',
    state: 'sending',
    attempt: '1',
  });
  assert.ok(Math.abs(Number(deadline) - seconds * 1000 - 60_000) < 5_000);
  const keptMs = await redis.pttl(record);
  assert.ok(keptMs > KEPT_MS - 5_000 && keptMs <= KEPT_MS);
  await redis.set(counter, '9007199254740991');
  const [last] = await issue();
  assert.equal(last, 'GW9007199254740992-R', 'no exponent, however many there were');
});

test('nothing is issued for a token that is not the stored one', async (t) => {
  const { redis, counter, record, token, issue } = await setUp(t);
  assert.deepEqual(await issue({ tokenEnd: 'of-one' }), ['', 0], 'there is none');
  await redis.set(token, 'sealed.of-another', 'PX', 50_000);
  assert.deepEqual(await issue({ tokenEnd: 'of-one' }), ['', 0]);
  assert.equal(await redis.exists(counter, record), 0);
  const [reference, remainingMs] = await issue({ tokenEnd: 'of-another' });
  assert.equal(reference, 'GW1-R');
  assert.ok(remainingMs > 45_000 && remainingMs <= 50_000, `${remainingMs}`);
});

test('while it is under way it may not go again; then once, however many ask', async (t) => {
  const { issue, resend, stored } = await setUp(t);
  await issue({ sendingMs: 300 });
  const [verdict, leftMs] = await resend();
  assert.equal(verdict, 'under-way');
  assert.ok(leftMs > 0 && leftMs <= 300, `${leftMs}`);
  let first = await resend();
  await until(async () => {
    first = await resend();
    return first[0] !== 'under-way';
  });
  assert.deepEqual(first, ['sending', 2]);
  const others = await Promise.all(Array.from({ length: 20 }, () => resend()));
  assert.ok(others.every(([each]) => each === 'under-way'));
  assert.equal((await stored())['attempt'], '2');
});

test('another message never goes under it', async (t) => {
  const { issue, resend, settle, stored } = await setUp(t);
  assert.deepEqual(await resend(), ['other', 0], 'nothing was issued');
  await issue();
  await settle(1, { state: 'not-sent' });
  for (const change of [
    { reference: 'GW1-r' },
    { reference: 'GW2-R' },
    { service: 't' },
    { payloads: ['q'] },
    { payloads: [] },
  ]) {
    assert.deepEqual(await resend(change), ['other', 0], JSON.stringify(change));
  }
  assert.equal((await stored())['attempt'], '1', 'what was refused left no trace');
  const known = await resend({ payloads: ['new', 'p'] });
  assert.deepEqual(known, ['sending', 2], 'by any of the fingerprints that it may have');
});

test('a complete answer without a messageId frees it at once', async (t) => {
  for (const state of ['answered', 'not-sent'] as const) {
    const { issue, resend, settle } = await setUp(t);
    await issue();
    assert.equal(await settle(1, { state }), 1);
    assert.deepEqual(await resend(), ['sending', 2], state);
  }
});

test('a messageId uses it up, whichever sending it answers, and nothing takes that back', async (t) => {
  const { redis, record, issue, resend, settle, stored } = await setUp(t);
  await issue();
  await settle(1, { state: 'not-sent' });
  await resend();
  assert.equal(await settle(1, { messageId: '77' }), 1, 'the late answer of the first sending');
  assert.deepEqual(await resend(), ['used', 0]);
  assert.equal(await settle(2, { state: 'not-sent' }), 0);
  const { state, messageId } = await stored();
  assert.deepEqual([state, messageId], ['answered', '77']);
  const keptMs = await redis.pttl(record);
  assert.ok(keptMs <= 5_000, 'a used one is kept for its own time');
  assert.deepEqual(await resend(), ['used', 0]);
});

test('the end of an earlier sending, or of another reference, ends nothing', async (t) => {
  const { redis, record, issue, resend, settle, stored } = await setUp(t);
  await issue();
  await settle(1, { state: 'not-sent' });
  await resend();
  assert.equal(await settle(1, { state: 'answered' }), 0);
  assert.equal((await stored())['state'], 'sending');
  const other = { reference: 'GW9-R', attempt: 2, state: 'answered', usedKeptMs: 1 } as const;
  assert.equal(await runScript(redis, settleReference, [record], other), 0);
  const used = { ...other, messageId: '1' };
  assert.equal(await runScript(redis, settleReference, [record], used), 0);
  assert.equal((await stored())['messageId'], undefined);
});

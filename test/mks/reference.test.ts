/** References: unique for ever, recorded before they leave, sent again only as the rule allows. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { StateUnavailableError } from '../../src/state/errors.ts';
import { createRedis, ready } from '../../src/state/connection.ts';
import { allocate } from '../support/allocations.ts';
import { startRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';
import { jws, message } from '../support/upstream.ts';
import { errorOf, member, mkk, setUp, STATUS } from './support.ts';

/** An answer that did not reach MKS bears no messageId. */
const refused = { status: 400, body: '{"responseCode":"OI002"}' };

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

test('20,000 references by 4 processes, with kills and an emptied Redis: no duplicate', async (t) => {
  t.diagnostic(`SEED=${seed}`);
  const blows = { redisKills: 2, allocatorKills: 2, emptied: 2 };
  const plan = { allocations: 20_000, processes: 4, members: 2, ...blows };
  const { references, duplicates, repeatedCounters } = await allocate(t, plan, seed);
  assert.ok(references >= 20_000);
  assert.deepEqual(duplicates, []);
  assert.ok(repeatedCounters > 2_000, 'the counter alone did repeat');
});

test('the counter gives order, the prefix is the member’s', async (t) => {
  const { mks, credentials } = await setUp(t);
  credentials.members.set('TIB', { ...member, referencePrefix: 'back.office_' });
  const numbers: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const { senderReference } = await mks.call(STATUS);
    numbers.push(Number(/^back\.office_(\d+)-/.exec(senderReference)?.[1]));
  }
  assert.deepEqual(
    numbers,
    numbers.toSorted((one, other) => one - other),
  );
  assert.equal(new Set(numbers).size, 3);
});

test('the reference is recorded before the message leaves, and before beforeSend', async (t) => {
  const { mks, redis, keys, upstream } = await setUp(t);
  const stateOf = (reference: string) =>
    redis.hgetall(keys.reference('TIB', reference.split('-')[1] ?? ''));
  const seen: string[] = [];
  upstream.onCall = async (received) => {
    seen.push((await stateOf(received.senderReference))['state'] ?? 'none');
    return { body: jws(message(received), mkk.privateKey) };
  };
  const { senderReference } = await mks.call({
    ...STATUS,
    beforeSend: async (sending) => {
      assert.equal(upstream.calls.length, 0);
      assert.ok(sending.deadline > Date.now());
      seen.push((await stateOf(sending.senderReference))['state'] ?? 'none');
    },
  });
  const record = await stateOf(senderReference);
  assert.deepEqual([...seen, record['state']], ['sending', 'sending', 'answered']);
  assert.equal(record['messageId'], '875569523');
  const keptMs = await redis.pttl(keys.reference('TIB', senderReference.split('-')[1] ?? ''));
  assert.ok(keptMs > 3_500_000 && keptMs <= 3_600_000);
});

test('what beforeSend throws stops the message, and its reference may be used at once', async (t) => {
  const { mks, upstream } = await setUp(t);
  let senderReference = '';
  const stop = new Error('stop');
  await assert.rejects(
    mks.call({
      ...STATUS,
      beforeSend: async (sending) => {
        ({ senderReference } = sending);
        throw stop;
      },
    }),
    stop,
  );
  assert.equal(upstream.calls.length, 0);
  await mks.call({ ...STATUS, senderReference });
  assert.equal(upstream.calls[0]?.senderReference, senderReference);
});

test('a reference leaves again only for its own member, service and payload', async (t) => {
  const { mks, upstream, credentials } = await setUp(t);
  credentials.members.set('TRI', { ...member, memberCode: 'TRI', userCode: 'TRI991' });
  upstream.onCall = () => refused;
  const { senderReference = '' } = (await errorOf(mks.call(STATUS))).details;
  const others = [
    { ...STATUS, memberCode: 'TRI', senderReference },
    { ...STATUS, body: { refId: 'another' }, senderReference },
    { ...STATUS, service: 'reports/async-report-content', senderReference },
    { ...STATUS, senderReference: `${senderReference}X` },
    { ...STATUS, senderReference: senderReference.replace('GW', 'GX') },
    { ...STATUS, senderReference: 'MKKTEST100' },
  ];
  for (const other of others) {
    const error = await errorOf(mks.call(other));
    assert.equal(error.code, 'conflict');
    assert.equal(error.outcome, 'not-sent');
    assert.equal(error.details.senderReference, other.senderReference);
  }
  assert.equal(upstream.calls.length, 1);
  const body = JSON.parse(JSON.stringify(STATUS.body)) as typeof STATUS.body;
  await errorOf(mks.call({ ...STATUS, body, senderReference }));
  assert.equal(upstream.calls[1]?.senderReference, senderReference);
});

test('the order of a payload’s names does not matter', async (t) => {
  const { mks, upstream } = await setUp(t);
  const content = { ...STATUS, service: 'reports/async-report-content' };
  upstream.onCall = () => refused;
  const first = await errorOf(mks.call({ ...content, body: { refId: 'r', fileName: 'f' } }));
  const { senderReference = '' } = first.details;
  const again = { ...content, body: { fileName: 'f', refId: 'r' }, senderReference };
  assert.equal((await errorOf(mks.call(again))).code, 'mks-error');
  assert.equal(upstream.calls.length, 2);
});

test('one under way is not sent again by any replica, and its late answer uses it up', async (t) => {
  const { mks, upstream, replica } = await setUp(t, { config: { requestTimeoutMs: 400 } });
  const other = await replica();
  await mks.call(STATUS);
  upstream.onCall = () => () => undefined;
  const lost = errorOf(mks.call(STATUS));
  await until(() => upstream.calls.length === 2);
  const senderReference = upstream.calls[1]?.senderReference ?? '';
  const conflict = await errorOf(other.call({ ...STATUS, senderReference }));
  assert.equal(conflict.code, 'conflict');
  const { retryAfterMs = 0 } = conflict.details;
  assert.ok(retryAfterMs > 0 && retryAfterMs <= 400);
  assert.equal((await lost).code, 'mks-unknown-outcome');
  await sleep(retryAfterMs);

  const tries = Array.from({ length: 20 }, (_, index) =>
    errorOf((index % 2 === 0 ? mks : other).call({ ...STATUS, senderReference })),
  );
  const codes = (await Promise.all(tries)).map((error) => error.code);
  assert.equal(codes.filter((code) => code === 'mks-unknown-outcome').length, 1);
  assert.equal(codes.filter((code) => code === 'conflict').length, 19);
  assert.equal(upstream.calls.length, 3);
});

test('nothing is sent without Redis', async (t) => {
  const server = await startRedis(t);
  const { mks, upstream } = await setUp(t, { redis: server });
  await mks.call(STATUS);
  await server.kill();
  await assert.rejects(mks.call(STATUS), StateUnavailableError);
  assert.equal(upstream.calls.length, 1);
  await server.restart();
  // The connection comes back by itself; until then nothing leaves.
  await until(async () => {
    const sent = await mks.call(STATUS).catch((error: unknown) => {
      assert.ok(error instanceof StateUnavailableError, String(error));
      assert.equal(upstream.calls.length, 1);
    });
    return sent !== undefined;
  });
  assert.equal(upstream.calls.length, 2);
});

test('an answer is not lost with Redis, and is recorded once Redis is back', async (t) => {
  const server = await startRedis(t);
  const { mks, upstream, keys } = await setUp(t, { redis: server });
  upstream.onCall = async (received) => {
    await server.kill();
    return { body: jws(message(received), mkk.privateKey) };
  };
  const { senderReference } = await mks.call(STATUS);
  await server.restart();
  const redis = createRedis(server.url, 'commands');
  t.after(() => redis.disconnect());
  await ready(redis);
  const key = keys.reference('TIB', senderReference.split('-')[1] ?? '');
  await until(async () => (await redis.hget(key, 'messageId')) !== null);
  assert.equal(await redis.hget(key, 'messageId'), '875569523');
});

test('no password can be guessed from a record', async (t) => {
  const { mks, redis, keys } = await setUp(t);
  const request = {
    memberCode: 'TIB',
    service: 'reports/account/balance-report',
    body: { processDate: '20250505', fileType: 'json', zipPassword: 'Mkktest1*' },
  };
  const { senderReference } = await mks.call(request);
  const key = keys.reference('TIB', senderReference.split('-')[1] ?? '');
  const { payload = '' } = await redis.hgetall(key);
  assert.match(payload, /^[\w-]{43}$/, 'a keyed digest');
});

/** The journal of exchanges on a real Redis: bounds, collapsed polls, pages, rest under seal, loss. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { pino } from 'pino';
import { CursorError } from '../../src/lib/page.ts';
import type { Clock } from '../../src/lib/clock.ts';
import type { Member } from '../../src/lib/credentials.ts';
import { createJournal, type JournalEntry } from '../../src/journal/index.ts';
import { JOURNAL_BOUNDS, type JournalBounds } from '../../src/journal/store.ts';
import type { Exchange } from '../../src/mks/types.ts';
import { createRedis, ready } from '../../src/state/connection.ts';
import { StateUnavailableError } from '../../src/state/errors.ts';
import { createKeys } from '../../src/state/keys.ts';
import { writeJournal } from '../../src/state/scripts/journal.ts';
import { createSealer } from '../../src/state/sealing.ts';
import { sealingSecret } from '../support/sealing.ts';

import { startRedis, type TestRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';
import { member } from '../mks/support.ts';

const NOW = Date.UTC(2026, 2, 2, 9);
const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
const redisOfFile = await startRedis({ after: (end) => after(end as () => Promise<void>) });

let references = 0;
function exchange(change: Partial<Exchange> = {}): Exchange {
  references += 1;
  return {
    time: NOW + references,
    memberCode: 'TIB',
    client: 'reconciliation',
    service: 'reports/account/balance-report',
    senderReference: `GW${references}-ABCDEFGHJKMNPQRS`,
    messageId: String(875_000_000 + references),
    httpStatus: 200,
    code: '0000',
    durationMs: 12,
    outcome: 'answered',
    requestDigest: 'ab'.repeat(32),
    answer: `eyJhbGciOiJSUzI1NiJ9.${references}.c2ln`,
    ...change,
  };
}

function poll(refId: string, change: Partial<Exchange> = {}): Exchange {
  const service = 'reports/async-report-status';
  return exchange({ service, refId, httpStatus: 422, code: 'RP023', ...change });
}

async function setUp(
  t: TestContext,
  options: { redis?: TestRedis; bounds?: Partial<JournalBounds>; time?: { now: number } } = {},
) {
  const redis = createRedis((options.redis ?? redisOfFile).url, 'commands');
  await ready(redis);
  const time = options.time ?? { now: NOW };
  const clock: Clock = { now: () => time.now, elapsedMs: () => performance.now() };
  const credentials = {
    members: new Map<string, Member>(
      ['TIB', 'AKY'].map((memberCode) => [memberCode, { ...member, memberCode }]),
    ),
    trustedCertificates: [],
  };
  const keys = createKeys(`${randomUUID()}:`);
  const secrets = [sealingSecret()];
  const logged: string[] = [];
  const open = () =>
    createJournal({
      redis: { commands: redis, bulk: redis },
      keys,
      sealer: createSealer(() => secrets),
      clock,
      log: pino({ level: 'info' }, { write: (line: string) => void logged.push(line) }),
      members: () => [...credentials.members.keys()],
      bounds: { ...JOURNAL_BOUNDS, ...options.bounds },
    });
  const journal = open();
  t.after(async () => {
    await journal.close(1_000);
    redis.disconnect();
  });
  const list = async (query: Partial<Parameters<typeof journal.list>[0]> = {}) =>
    (await journal.list({ members: ['TIB'], limit: 200, ...query })).items;
  const bytes = async () => Number(await redis.get(keys.journalBytes('TIB')));
  return { redis, keys, journal, list, bytes, logged, secrets, replica: open };
}

const asEntry = (line: Exchange) => ({ ...line, count: 1, lastTime: line.time });

const referencesOf = (items: readonly JournalEntry[]) =>
  items.map(({ senderReference }) => senderReference);

test('an exchange comes back as it was, newest first, found by its reference and its time', async (t) => {
  const { journal, list } = await setUp(t);
  const lines = [
    exchange(),
    exchange({ outcome: 'unknown' }),
    exchange({ memberCode: 'AKY' }),
    exchange({ service: 'auth' }),
  ];
  const [first, unknown, other, last] = lines as [Exchange, Exchange, Exchange, Exchange];
  delete unknown.answer;
  delete unknown.messageId;
  delete last.client;
  for (const line of lines) journal.record(line);
  assert.deepEqual(await list(), [last, unknown, first].map(asEntry));
  assert.deepEqual(
    await list({ members: ['AKY', 'TIB'] }),
    [last, other, unknown, first].map(asEntry),
  );
  const { senderReference } = first;
  assert.deepEqual(await list({ senderReference }), [asEntry(first)]);
  assert.deepEqual(await list({ senderReference, members: ['AKY'] }), []);
  assert.deepEqual(await list({ senderReference, from: first.time + 1 }), []);
  assert.deepEqual(await list({ from: unknown.time, to: unknown.time }), [asEntry(unknown)]);
  assert.deepEqual(await list({ to: first.time - 1 }), []);
});

test('both sendings of one reference are kept and found', async (t) => {
  const { journal, list } = await setUp(t);
  const lost = exchange({ outcome: 'unknown' });
  const { senderReference } = lost;
  journal.record(lost);
  journal.record(exchange({ senderReference }));
  assert.deepEqual(
    (await list({ senderReference })).map(({ outcome }) => outcome),
    ['answered', 'unknown'],
  );
});

test('the waiting polls of one report are one entry, the answer after them another', async (t) => {
  const { journal, list, replica, keys, redis } = await setUp(t);
  const polls = ['RP020', 'RP021', 'RP023', 'RP023'].map((code) => poll('A', { code }));
  const [first, , , last] = polls as [Exchange, Exchange, Exchange, Exchange];
  for (const line of polls.slice(0, 2)) journal.record(line);
  await list();
  // Another replica goes on with the report.
  const second = replica();
  for (const line of polls.slice(2)) second.record(line);
  await second.close(1_000);
  journal.record(poll('B'));
  journal.record(poll('A', { client: 'treasury' }));
  journal.record(poll('A', { code: '0000', httpStatus: 200 }));
  journal.record(poll('A', { outcome: 'refused' }));
  const items = await list();
  const collapsed = items.filter(({ count }) => count > 1);
  assert.deepEqual(collapsed, [{ ...last, time: first.time, lastTime: last.time, count: 4 }]);
  assert.equal(items.length, 5);
  assert.deepEqual(await list({ senderReference: last.senderReference }), collapsed);
  assert.deepEqual(await list({ senderReference: first.senderReference }), []);
  assert.equal(await redis.hlen(keys.journalReferences('TIB')), 5);
});

test('a line that Redis took without saying so counts once', async (t) => {
  const { journal, list, redis } = await setUp(t);
  await redis.script('LOAD', writeJournal.lua);
  const evalsha = redis.evalsha.bind(redis);
  let answers = 0;
  const forgetful = async (...args: Parameters<typeof evalsha>): Promise<unknown> => {
    const reply: unknown = await evalsha(...args);
    answers += 1;
    if (answers === 1) throw new Error('Command timed out');
    return reply;
  };
  Object.assign(redis, { evalsha: forgetful });
  journal.record(poll('A'));
  assert.deepEqual(
    (await list()).map(({ count }) => count),
    [1],
  );
  assert.equal(answers, 2);
  assert.equal(journal.lost(), 0);
});

test('every entry once, page by page, whatever has the same millisecond', async (t) => {
  const { journal, list } = await setUp(t);
  const lines = Array.from({ length: 57 }, (_, index) =>
    exchange({ time: NOW + Math.floor(index / 9), memberCode: index % 4 === 0 ? 'AKY' : 'TIB' }),
  );
  for (const line of lines) journal.record(line);
  const members = ['TIB', 'AKY'];
  const whole = referencesOf(await list({ members }));
  for (const limit of [1, 7, 19, 57, 200]) {
    const read: string[] = [];
    let pages = 0;
    for (let cursor: string | undefined, isEnd = false; !isEnd; pages += 1) {
      const page = await journal.list({ members, limit, ...(cursor !== undefined && { cursor }) });
      read.push(...referencesOf(page.items));
      cursor = page.nextCursor;
      isEnd = cursor === undefined;
    }
    assert.equal(pages, Math.ceil(57 / limit));
    assert.deepEqual(read, whole);
  }
  assert.deepEqual(new Set(whole), new Set(lines.map(({ senderReference }) => senderReference)));
  for (const cursor of ['', 'bad', Buffer.from('1 x').toString('base64url')]) {
    await assert.rejects(journal.list({ members, limit: 1, cursor }), CursorError);
  }
});

test('a page of long answers ends early', async (t) => {
  const { journal } = await setUp(t);
  for (let n = 0; n < 12; n += 1) {
    journal.record(exchange({ answer: 'x'.repeat(1_000_000) }));
    await journal.list({ members: ['TIB'], limit: 1 });
  }
  const page = await journal.list({ members: ['TIB'], limit: 200 });
  assert.equal(page.items.length, 5);
  const { nextCursor: cursor = '' } = page;
  const next = await journal.list({ members: ['TIB'], limit: 200, cursor });
  assert.equal(next.items.length, 5);
  const rest = await journal.list({
    members: ['TIB'],
    limit: 200,
    cursor: next.nextCursor ?? '',
  });
  assert.equal(rest.items.length, 2);
  assert.equal(rest.nextCursor, undefined);
});

test('the oldest go first: beyond the number, the bytes and the age', async (t) => {
  const time = { now: NOW };
  const bounds = { maxEntries: 50, maxBytes: 100_000, keptMs: 30 * DAY_MS };
  const { journal, list, bytes, keys, redis } = await setUp(t, { bounds, time });
  const small = Array.from({ length: 120 }, () => exchange());
  for (const line of small) journal.record(line);
  const kept = small.slice(-50).map(({ senderReference }) => senderReference);
  assert.deepEqual(referencesOf(await list()), kept.toReversed());
  assert.equal(await redis.hlen(keys.journalEntries('TIB')), 50);
  assert.equal(await redis.hlen(keys.journalReferences('TIB')), 50);

  const large = Array.from({ length: 20 }, () => exchange({ answer: 'x'.repeat(10_000) }));
  for (const line of large) journal.record(line);
  const left = await list();
  assert.ok(left.length >= 5 && left.length < 10, `${left.length} are left`);
  assert.ok((await bytes()) <= 100_000);
  assert.equal(left[0]?.senderReference, large.at(-1)?.senderReference);

  time.now = NOW + 31 * DAY_MS;
  assert.deepEqual(await list(), []);
  const young = exchange({ time: time.now });
  journal.record(young);
  assert.deepEqual(referencesOf(await list()), [young.senderReference]);
  assert.equal(await redis.zcard(keys.journalIndex('TIB')), 1);
  assert.equal(await redis.hlen(keys.journalReferences('TIB')), 1);
  // Also when nobody writes any more, for a member that is not configured any more.
  for (const key of await redis.keys('*:journal:TIB:*')) {
    const ttl = await redis.pttl(key);
    assert.ok(ttl > 29 * DAY_MS && ttl <= 30 * DAY_MS, key);
  }
});

test('what nobody writes to is let go of each hour, or the hour after where Redis was away', async (t) => {
  const own = await startRedis(t);
  const time = { now: NOW };
  const { journal, list, redis, keys, logged, replica } = await setUp(t, { redis: own, time });
  t.mock.timers.enable({ apis: ['setInterval'] });
  const idle = replica();
  // More than one call of Redis lets go of.
  for (let n = 0; n < 1_200; n += 1) {
    journal.record(exchange());
    if (n % 400 === 399) await list();
  }
  const kept = async () => redis.zcard(keys.journalIndex('TIB')).catch(() => -1);
  assert.equal(await kept(), 1_200);
  time.now += 31 * DAY_MS;
  await own.kill();
  t.mock.timers.tick(HOUR_MS);
  await until(() => logged.some((line) => line.includes('for another hour')));
  await own.restart();
  await until(async () => (await kept()) === 1_200);
  t.mock.timers.tick(HOUR_MS);
  await until(async () => (await kept()) === 0);
  await idle.close(1_000);
});

test('the bytes counted are what Redis takes, and none are left when all has gone', async (t) => {
  const own = await startRedis(t);
  const time = { now: NOW };
  const { journal, list, bytes, redis, keys } = await setUp(t, { redis: own, time });
  const used = async () => Number(/used_memory:(\d+)/.exec(await redis.info('memory'))?.[1]);
  journal.record(exchange());
  await list();
  const [usedBefore, countedBefore] = [await used(), await bytes()];
  for (let n = 0; n < 2_000; n += 1) {
    journal.record(n % 4 === 0 ? poll(`R${n}`) : exchange({ answer: 'x'.repeat(n % 2 ? 900 : 0) }));
    if (n % 100 === 99) await list({ limit: 1 });
  }
  await list({ limit: 1 });
  assert.equal(journal.lost(), 0);
  const counted = (await bytes()) - countedBefore;
  const taken = (await used()) - usedBefore;
  t.diagnostic(`2,000 entries: counted ${counted}, taken ${taken} bytes`);
  assert.ok(taken < 1.05 * counted && taken > 0.8 * counted, `counted ${counted}, taken ${taken}`);
  time.now += 31 * DAY_MS;
  journal.record(exchange({ time: NOW }));
  await list();
  journal.record(exchange({ time: NOW }));
  await list();
  journal.record(exchange({ time: NOW }));
  await list();
  assert.deepEqual(await redis.keys('*:journal:*'), []);
  assert.equal(await redis.get(keys.journalBytes('TIB')), null);
});

test('answers rest sealed, and an entry whose key has gone is shown without its answer', async (t) => {
  const own = await startRedis(t);
  const { journal, list, secrets } = await setUp(t, { redis: own });
  const answer = `eyJhbGciOiJSUzI1NiJ9.${'Q0FOQVJZ'.repeat(20)}.c2ln`;
  const line = exchange({ answer });
  journal.record(line);
  assert.equal((await list())[0]?.answer, answer);
  const folder = dirname(own.socket);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)));
  const rest = Buffer.concat(files);
  assert.ok(rest.includes(line.senderReference), 'the journal is not where the test looks');
  for (const part of [answer, 'Q0FOQVJZQ0FO', 'CANARYCANARY']) assert.ok(!rest.includes(part));
  secrets.splice(0, 1, sealingSecret('other'));
  const [entry] = await list();
  assert.equal(entry?.senderReference, line.senderReference);
  assert.equal(entry.answer, undefined);
});

test('a Redis that is away costs callers nothing; what fits is written when it is back', async (t) => {
  const own = await startRedis(t);
  const { journal, list, logged } = await setUp(t, { redis: own });
  await own.kill();
  const began = performance.now();
  for (let n = 0; n < 5_000; n += 1) journal.record(exchange());
  assert.ok(performance.now() - began < 500);
  await assert.rejects(list(), StateUnavailableError);
  await own.restart();
  for (let n = 0; n < 100 && (await list().catch(() => [])).length === 0; n += 1);
  const lines = () => logged.filter((line) => line.includes('takes lines again')).length;
  while (lines() === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(journal.lost(), 3_000);
  assert.equal(logged.filter((line) => line.includes('loses lines')).length, 1);
  assert.equal(logged.filter((line) => line.includes('"answer"')).length, 0);
});

test('closing writes what waits, and waits no longer than it may', async (t) => {
  const own = await startRedis(t);
  const { journal, list, replica, logged } = await setUp(t, { redis: own });
  for (let n = 0; n < 150; n += 1) journal.record(exchange());
  await journal.close(1_000);
  assert.equal((await list()).length, 150);
  await own.kill();
  const second = replica();
  second.record(exchange());
  const began = performance.now();
  await second.close(300);
  assert.ok(performance.now() - began < 500);
  assert.ok(logged.some((line) => line.includes('did not take')));
});

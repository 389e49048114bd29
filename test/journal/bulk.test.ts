/** One who reads the whole journal takes the state from nobody. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { pino } from 'pino';
import { createJournal } from '../../src/journal/index.ts';
import { createRedis, ready } from '../../src/state/connection.ts';
import { createKeys } from '../../src/state/keys.ts';
import { startRedis } from '../support/redis.ts';
import { testSealer } from '../support/sealing.ts';

const NOW = Date.UTC(2026, 2, 2, 9);
const ANSWER = 'x'.repeat(1024 * 1024);

test('small commands pass while 40 pages of long answers are read', async (t) => {
  const server = await startRedis(t);
  const redis = {
    commands: createRedis(server.url, 'commands'),
    bulk: createRedis(server.url, 'bulk'),
  };
  t.after(() => Object.values(redis).forEach((each) => each.disconnect()));
  await Promise.all(Object.values(redis).map((each) => ready(each)));
  const clock = { now: () => NOW, elapsedMs: () => performance.now() };
  const log = pino({ level: 'silent' });
  const keys = createKeys(`${randomUUID()}:`);
  const members = () => ['TIB'];
  const journal = createJournal({ redis, keys, sealer: testSealer, clock, log, members });
  t.after(() => journal.close(1_000));
  for (let n = 0; n < 12; n += 1) {
    journal.record({
      time: NOW,
      memberCode: 'TIB',
      service: 'reports/async-report-status',
      senderReference: `GW${n}`,
      httpStatus: 200,
      code: '0000',
      durationMs: 1,
      outcome: 'answered',
      requestDigest: 'ab'.repeat(32),
      answer: ANSWER,
    });
  }
  await journal.list({ members: ['TIB'], limit: 1 });
  const reading = { isOver: false };
  const pages = Promise.all(
    Array.from({ length: 40 }, () => journal.list({ members: ['TIB'], limit: 20 })),
  ).finally(() => {
    reading.isOver = true;
  });
  let slowestMs = 0;
  while (!reading.isOver) {
    const began = performance.now();
    await redis.commands.ping();
    slowestMs = Math.max(slowestMs, performance.now() - began);
    await sleep(10);
  }
  t.diagnostic(`slowest ${Math.round(slowestMs)} ms`);
  for (const { items } of await pages) assert.ok(items.length >= 4);
  assert.ok(slowestMs < 1_500, `${Math.round(slowestMs)} ms`);
});

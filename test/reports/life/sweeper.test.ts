/** The sweeper keeps up: thousands that are due at once expire within a sweep or two. */
import assert from 'node:assert/strict';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { pino } from 'pino';
import { createSpool } from '../../../src/reports/spool/spool.ts';
import { createReportStore } from '../../../src/reports/store.ts';
import { createSweeper } from '../../../src/reports/life/sweeper.ts';
import { createRedis, ready } from '../../../src/state/connection.ts';
import { createKeys } from '../../../src/state/keys.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { startRedis } from '../../support/redis.ts';
import { until } from '../../support/until.ts';

const NOW = Date.parse('2026-03-02T12:00:00+03:00');
const REPORTS = 3_000;
const OTHERS = 3_000;

test('three thousand reports that are due expire in one sweep', async (t) => {
  const server = await startRedis(t);
  const redis = createRedis(server.url, 'commands');
  t.after(() => redis.disconnect());
  await ready(redis);
  const keys = createKeys();
  const store = createReportStore(redis, keys, 1_000);
  const filling = redis.pipeline();
  for (let n = 0; n < REPORTS; n += 1) {
    const fields = { id: `r${n}`, state: 'queued', member: '"TIB"', expiresAt: String(NOW - 1) };
    filling.hset(keys.report(`r${n}`), fields);
    filling.zadd(keys.reportExpiry, NOW - 1, `TIB r${n}`);
  }
  await filling.exec();
  // Files of others: what is listed for each report anew lets what is due pile up.
  const folder = await temporaryFolder();
  const spool = await createSpool(folder);
  const others = Array.from({ length: OTHERS }, (_, n) => join(folder, `other${n}.0.rows`));
  await Promise.all(others.map((path) => writeFile(path, '')));
  for (let n = 0; n < 10; n += 1) await writeFile(join(folder, `r${n}.0.rows`), '');
  const expired = new Set<string>();
  const sweeper = createSweeper({
    store,
    members: () => ['TIB'],
    schedule: async () => undefined,
    resumeLost: async () => undefined,
    onExpired: async (ids) => {
      for (const id of ids) expired.add(id);
      await spool.remove(ids);
    },
    sweepSpool: async () => undefined,
    now: () => NOW,
    retentionMs: 1_000,
    log: pino({ level: 'silent' }),
  });
  t.after(() => sweeper.close());
  const began = performance.now();
  await until(async () => expired.size === REPORTS);
  const tookMs = performance.now() - began;
  // The next sweep would begin after five seconds.
  assert.ok(tookMs < 4_900, `${Math.round(tookMs)} ms`);
  assert.deepEqual(await store.due(NOW, 1), []);
  await until(async () => (await readdir(folder)).length === OTHERS);
});

test('the spool is looked through by the first sweep, and then by one in 120', async (t) => {
  const server = await startRedis(t);
  const redis = createRedis(server.url, 'commands');
  t.after(() => redis.disconnect());
  await ready(redis);
  t.mock.timers.enable({ apis: ['setInterval'] });
  let looks = 0;
  /** By sweep, the looks before it. */
  const seen: number[] = [];
  const sweeper = createSweeper({
    store: createReportStore(redis, createKeys(), 1_000),
    members: () => ['TIB'],
    schedule: async () => undefined,
    resumeLost: async () => undefined,
    onExpired: async () => void seen.push(looks),
    sweepSpool: async () => void (looks += 1),
    now: () => NOW,
    retentionMs: 1_000,
    log: pino({ level: 'silent' }),
  });
  t.after(() => sweeper.close());
  while (seen.length < 122) {
    t.mock.timers.tick(5_000);
    await redis.ping();
  }
  assert.deepEqual(seen, [0, ...Array.from({ length: 120 }, () => 1), 2]);
});

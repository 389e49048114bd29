/** One client that asks without end: it fills its own queue, and neither Redis nor anybody's time. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createRedis, ready } from '../../src/state/connection.ts';
import { createKeys } from '../../src/state/keys.ts';
import { temporaryFolder } from '../support/folder.ts';
import { spawnGateway } from '../support/gateway.ts';
import {
  client,
  DATE,
  environmentOf,
  reportOf,
  rowsOf,
  startTestSandbox,
} from '../support/pair.ts';
import { startTcpRedis } from '../support/tcp-redis.ts';

/** How often it is refused; 20,000 and more by GREEDY_ASKS. */
const ASKS = Number(process.env['GREEDY_ASKS'] ?? 1_000);
const LIMIT = 1_000;
const AT_ONCE = 4;
const LOOKS = 100;
const MEGABYTE = 2 ** 20;
/** Of a look beside the flood: that another is served at all, on whatever machine. */
const SERVED_MS = 2_000;

const as = (name: string) => ({ authorization: `Bearer ${name}-key` });

async function setUp(t: TestContext) {
  const sandbox = await startTestSandbox(t);
  const redis = await startTcpRedis(t);
  const file = join(await temporaryFolder(), 'clients.json');
  const clients = ['greedy', 'quiet'].map((name) => ({
    name,
    keySha256: createHash('sha256').update(`${name}-key`).digest('hex'),
    members: ['TIB'],
  }));
  await writeFile(file, JSON.stringify({ clients }), { mode: 0o600 });
  // In a process of its own: what the test does must not stand in its way.
  const { url } = await spawnGateway(t, {
    ...environmentOf(sandbox),
    REDIS_URL: redis.url,
    API_CLIENTS_FILE: file,
    LOG_LEVEL: 'info',
  });
  const commands = createRedis(redis.url, 'commands');
  t.after(() => commands.disconnect());
  await ready(commands);
  await commands.config('SET', 'appendfsync', 'no');
  const usedBytes = async () =>
    Number(/used_memory:(\d+)/.exec(await commands.info('memory'))?.[1] ?? 0);
  return { commands, usedBytes, ...client(url) };
}

/** Each an ask of its own, a new report unless it is refused. @returns the answers by status. */
async function floodWith(ask: (n: number) => Promise<Response>, count: number) {
  const answers = new Map<number, number>();
  let sent = 0;
  const worker = async () => {
    while (sent < count) {
      const response = await ask((sent += 1));
      await response.arrayBuffer();
      answers.set(response.status, (answers.get(response.status) ?? 0) + 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return answers;
}

async function p99Of(look: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < LOOKS; n += 1) {
    const began = performance.now();
    await look();
    times.push(performance.now() - began);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(LOOKS * 0.99)] ?? 0;
}

test('one client that asks without end fills its own queue alone', async (t) => {
  const { ask, get, usedBytes, commands } = await setUp(t);
  const { id } = await rowsOf(await ask({ processDate: DATE }, as('quiet')));
  await commands.set(createKeys().paused('TIB'), '1');
  const look = async () => rowsOf(await get(`/balances/${id}/rows`, as('quiet')));
  const greedy = (n: number) =>
    ask(
      { processDate: DATE, refresh: true, accNo: String(n) },
      { ...as('greedy'), prefer: 'respond-async', 'idempotency-key': `k${n}` },
    );

  await p99Of(look);
  const before = await usedBytes();
  assert.deepEqual([...(await floodWith(greedy, LIMIT))], [[202, LIMIT]]);
  const full = await usedBytes();
  const alone = await p99Of(look);
  const flood = floodWith((n) => greedy(LIMIT + n), ASKS);
  const beside = await p99Of(look);
  assert.deepEqual([...(await flood)], [[429, ASKS]]);
  const after = await usedBytes();

  t.diagnostic(`a queued report ${Math.round((full - before) / LIMIT)} bytes in Redis`);
  t.diagnostic(`${ASKS} refused: ${after - full} bytes more`);
  t.diagnostic(`p99 alone ${alone.toFixed(1)} ms, beside ${beside.toFixed(1)} ms`);
  assert.ok((full - before) / LIMIT < 6_000, `${(full - before) / LIMIT} bytes a queued report`);
  assert.ok(after - full < MEGABYTE, `${after - full} bytes for what was refused`);
  const fresh = await reportOf(
    await ask({ processDate: DATE, refresh: true }, { ...as('quiet'), prefer: 'respond-async' }),
  );
  assert.ok((fresh.queue?.position ?? 99) <= 2, 'in turn with the other, not behind its queue');
  assert.ok(beside < SERVED_MS, `p99 ${beside} ms`);
});

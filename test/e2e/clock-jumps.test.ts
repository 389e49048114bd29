/** The machine's clock jumps, but not that of Redis (libfaketime): reports end with their rows all the same. */
import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { lackOf } from '../support/debian.ts';
import { temporaryFolder } from '../support/folder.ts';
import { spawnGateway } from '../support/gateway.ts';
import { client, environmentOf, reportOf, rowsOf, startTestSandbox } from '../support/pair.ts';
import { startTcpRedis } from '../support/tcp-redis.ts';
import { until } from '../support/until.ts';

const LIBRARY = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketimeMT.so.1`;
/** Forth, and back; never before the member's certificate, for then nothing may be signed. */
const JUMPS = ['+3h', '+1h', '+5h'];
/** Longer than a replica waits for itself, so that the next question is put off by the wall clock. */
const POLL_SECONDS = '4';

test('reports under way and to come outlive a clock that jumps by hours', async (t) => {
  const lack = lackOf('faketime', 'faketime');
  if (lack !== undefined || !existsSync(LIBRARY))
    return t.skip(lack ?? `NOT TESTED: no ${LIBRARY}`);
  const sandbox = await startTestSandbox(t, { prepareSeconds: 1 });
  const offset = join(await temporaryFolder(), 'offset');
  writeFileSync(offset, '+0');
  const redis = await startTcpRedis(t);
  const gateway = await spawnGateway(t, {
    ...environmentOf(sandbox),
    REDIS_URL: redis.url,
    MKS_STATUS_POLL_SECONDS: POLL_SECONDS,
    LD_PRELOAD: LIBRARY,
    FAKETIME_TIMESTAMP_FILE: offset,
    FAKETIME_NO_CACHE: '1',
    // A jump of the wall clock leaves the other alone, which waiting goes by.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  });
  const { ask, get } = client(gateway.url);
  for (const [n, jump] of JUMPS.entries()) {
    const processDate = `2026030${n + 2}`;
    const asked = await ask({ processDate }, { prefer: 'respond-async' });
    const { id } = await reportOf(asked);
    const before = Date.parse(asked.headers.get('date') ?? '');
    const stateOf = async () => (await reportOf(await get(`/balances/${id}`), 200)).state;
    await until(async () => (await stateOf()) === 'preparing', 60_000);
    // Then its next question is put off, which takes a few round trips of Redis.
    await sleep(500);
    writeFileSync(offset, jump);
    const began = performance.now();
    const end = await get(`/balances/${id}`, { prefer: 'wait=60' });
    const jumped = Date.parse(end.headers.get('date') ?? '') - before;
    assert.ok(Math.abs(jumped) > 60 * 60_000, `the clock of the gateway jumps: ${jumped} ms`);
    assert.equal((await reportOf(end, 200)).state, 'ready', jump);
    assert.ok(performance.now() - began < 30_000, 'nobody waits for the old hour to come again');
    const { rows } = await rowsOf(await get(`/balances/${id}/rows`));
    assert.deepEqual(rows, [...sandbox.expectedRows({ member: 'TIB', processDate })]);
  }
  const { duplicateReferences } = sandbox.stats.members['TIB'] ?? {};
  assert.equal(duplicateReferences, 0);
  gateway.kill('SIGTERM');
  assert.equal(await gateway.ended, 0);
});

/** The master of a Sentinel set dies; the gateway finds the new one by itself. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRedis, ready } from '../../src/state/connection.ts';
import { REDIS_SERVER_SCRIPT } from '../../src/state/embedded-process.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startTestGateway } from '../support/gateway.ts';
import { client, environmentOf, rowsOf, startTestSandbox } from '../support/pair.ts';
import { freePort } from '../support/port.ts';

async function startServer(t: TestContext, folder: string, port: number, flags: string[]) {
  await mkdir(folder);
  const shared = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder];
  const program = [REDIS_SERVER_SCRIPT, ...flags, ...shared];
  const server = spawn('/bin/sh', program, { stdio: 'ignore' });
  t.after(async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  });
  const redis = createRedis(`redis://127.0.0.1:${port}`, 'commands');
  await ready(redis, 10_000);
  redis.disconnect();
  return server;
}

test('a failover costs seconds and not the service', async (t) => {
  const folder = await temporaryFolder();
  const sandbox = await startTestSandbox(t);
  const [masterPort, replicaPort, sentinelPort] = [
    await freePort(),
    await freePort(),
    await freePort(),
  ];
  const data = ['--save', '', '--appendonly', 'yes'];
  const master = await startServer(t, join(folder, 'master'), masterPort, data);
  const replicaOf = ['--replicaof', `127.0.0.1 ${masterPort}`];
  await startServer(t, join(folder, 'replica'), replicaPort, [...data, ...replicaOf]);
  const configuration = join(folder, 'sentinel.conf');
  await writeFile(
    configuration,
    `sentinel monitor mymaster 127.0.0.1 ${masterPort} 1
sentinel down-after-milliseconds mymaster 700
sentinel failover-timeout mymaster 3000
`,
  );
  await startServer(t, join(folder, 'sentinel'), sentinelPort, [configuration, '--sentinel']);
  // The sentinel has to have heard of the replica before it can promote it.
  const sentinel = createRedis(`redis://127.0.0.1:${sentinelPort}`, 'commands');
  await ready(sentinel);
  const replicas = async () =>
    (await sentinel.call('SENTINEL', 'replicas', 'mymaster')) as unknown[];
  for (let tries = 0; (await replicas()).length === 0; tries += 1) {
    assert.ok(tries < 300, 'the sentinel does not find the replica');
    await sleep(100);
  }
  sentinel.disconnect();
  const { url, close } = await startTestGateway(t, {
    ...environmentOf(sandbox),
    REDIS_URL: `redis+sentinel://127.0.0.1:${sentinelPort}/mymaster`,
  });
  const { ask } = client(url);
  await rowsOf(await ask({ processDate: '20260302' }));
  master.kill('SIGKILL');
  const began = performance.now();
  let response = await ask({ processDate: '20260303' });
  while (response.status === 503) {
    assert.ok(performance.now() - began < 30_000, 'no new master is found');
    await sleep(300);
    response = await ask({ processDate: '20260303' });
  }
  await rowsOf(response);
  assert.equal(sandbox.stats.members['TIB']?.duplicateReferences, 0);
  // Before its Redis goes: hooks run in the order of their making.
  await close();
});

/** An embedded Redis whose data are damaged, and a socket's folder that somebody else could have made. */
import assert from 'node:assert/strict';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { createRedis, ready } from '../../src/state/connection.ts';
import { startEmbeddedRedis } from '../../src/state/embedded.ts';
import { preparePlace } from '../../src/state/embedded-process.ts';
import { temporaryFolder } from '../support/folder.ts';
import { until } from '../support/until.ts';

test('one that cannot be started again is told and tried until it can', async (t) => {
  const dataDir = await temporaryFolder();
  const told: string[] = [];
  const tell = (values: object, text: string): void => {
    told.push(`${text} ${JSON.stringify(values)}`);
  };
  const embedded = await startEmbeddedRedis({ dataDir, log: { info: tell, warn: tell } });
  t.after(() => embedded.stop());
  // The patient role: it is what is kept that is asked here, not how long a disk may take for it.
  const redis = createRedis(embedded.url, 'blocking');
  t.after(() => redis.disconnect());
  await ready(redis);
  await redis.set('name', 'value');
  const [, pid = ''] = /process_id:(\d+)/.exec(await redis.info('server')) ?? [];
  const folder = join(dataDir, 'redis', 'appendonlydir');
  const name = readdirSync(folder).find((file) => file.endsWith('.manifest')) ?? '';
  const manifest = readFileSync(join(folder, name));
  truncateSync(join(folder, name));
  process.kill(Number(pid), 'SIGKILL');
  const failed = /could not be started again.*ended at once \(exit code \d+\); see .*redis\.log/;
  await until(() => told.filter((line) => failed.test(line)).length > 1);
  writeFileSync(join(folder, name), manifest);
  await until(() => told.some((line) => line.startsWith('the embedded Redis is back')));
  await ready(redis);
  assert.equal(await redis.get('name'), 'value');
});

test('a folder for the socket that others may write to is not used', async (t) => {
  const dataDir = join(await temporaryFolder(), 'a'.repeat(100));
  const folder = dirname(preparePlace(dataDir).socket);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  assert.match(folder, /^\/tmp\/mks-gateway-/);
  chmodSync(folder, 0o770);
  assert.throws(() => preparePlace(dataDir), /is open to others/);
  rmSync(folder, { recursive: true });
  writeFileSync(folder, '');
  assert.throws(() => preparePlace(dataDir), { code: 'EEXIST' });
  rmSync(folder);
  mkdirSync(folder, { mode: 0o700 });
  assert.equal(dirname(preparePlace(dataDir).socket), folder);
});

/** Disks that are full or read-only: nothing half-written is delivered, callers are told, and all goes on by itself. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/folder.ts';
import { spawnGateway, startTestGateway } from '../support/gateway.ts';
import {
  client,
  DATE,
  environmentOf,
  problemOf,
  rowsOf,
  startTestSandbox,
} from '../support/pair.ts';
import { mountSmall } from '../support/small-disk.ts';
import { until } from '../support/until.ts';
import { runCommand } from '../scripts/run.ts';

const CANNOT_MOUNT = 'NOT TESTED: file systems cannot be mounted here';
const OTHER_DATE = '20260303';

function fill(file: string): void {
  for (let bytes = 2 ** 20; bytes >= 1; bytes = Math.floor(bytes / 2)) {
    try {
      for (;;) writeFileSync(file, Buffer.alloc(bytes), { flag: 'a' });
    } catch {
      // A smaller piece may still have room.
    }
  }
}

test('the whole data folder full: Redis, trail and spool go, and come again', async (t) => {
  const dataDir = join(await temporaryFolder(), 'data');
  // More than what readiness asks to be free.
  const unmount = mountSmall(dataDir, '160m');
  if (unmount === undefined) return t.skip(CANNOT_MOUNT);
  t.after(unmount);
  const sandbox = await startTestSandbox(t);
  const gateway = await spawnGateway(t, { ...environmentOf(sandbox), DATA_DIR: dataDir });
  const { ask, get } = client(gateway.url);
  const asked = await ask({ processDate: DATE });
  const location = asked.headers.get('location') ?? '';
  const first = await rowsOf(asked);
  const filler = join(dataDir, 'filler');
  fill(filler);
  const before = sandbox.stats.members['TIB']?.reportsAccepted;
  const { slug } = await problemOf(await ask({ processDate: OTHER_DATE }));
  assert.match(slug, /^(?:state|trail)-unavailable$|^storage-full$/);
  const read = await get(`${location}/rows?format=csv`, { 'x-request-id': 'on-a-full-disk' });
  await read.text();
  assert.equal(sandbox.stats.members['TIB']?.reportsAccepted, before, 'MKS was asked for nothing');
  assert.equal((await get('/health/ready')).status, 503);
  assert.equal((await get('/health/live')).status, 200);
  rmSync(filler);
  await until(async () => (await get('/health/ready')).status === 200, 30_000);
  assert.deepEqual((await rowsOf(await get(`${location}/rows`))).rows, first.rows);
  await rowsOf(await ask({ processDate: OTHER_DATE }));
  gateway.kill('SIGTERM');
  assert.equal(await gateway.ended, 0);
  const trail = join(dataDir, 'trail');
  const files = readdirSync(trail).map((name) => join(trail, name));
  const { code, output, errors } = runCommand('trail', ['verify', ...files]);
  assert.equal(code, 0, output + errors);
  // A line may have had room where a report had not; without one nothing may have been read.
  const lines = files.map((file) => readFileSync(file, 'utf8')).join('');
  assert.equal(read.ok, /"rows\.read".*"on-a-full-disk"/.test(lines), String(read.status));
});

for (const [name, options] of [
  ['full', 'size=64k'],
  ['read-only', 'ro'],
]) {
  test(`a spool that is ${name}: the report fails with that, and another succeeds afterwards`, async (t) => {
    const sandbox = await startTestSandbox(t, { shape: { rows: 4_000 } });
    const { url, dataDir, close } = await startTestGateway(t, environmentOf(sandbox));
    const spool = join(dataDir, 'spool');
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', options ?? '', 'tmpfs', spool], {
        stdio: 'pipe',
      });
    } catch {
      return t.skip(CANNOT_MOUNT);
    }
    const { ask } = client(url);
    let problem;
    try {
      problem = await problemOf(await ask({ processDate: DATE }));
      assert.deepEqual(readdirSync(spool), [], 'nothing half-written stays');
    } finally {
      execFileSync('umount', ['-l', spool]);
    }
    assert.deepEqual([problem.slug, problem.status], ['storage-full', 507]);
    const { rows } = await rowsOf(await ask({ processDate: DATE }));
    assert.equal(rows.length, 4_000);
    await close();
  });
}

/** Faults in the archive: each breaks it in its own way, and the next download is whole. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FaultName } from '../../sandbox/index.ts';
import {
  login,
  PATHS,
  readAnswer,
  readyReport,
  start,
  ZIP_PASSWORD,
  type Reply,
} from './support.ts';
import { unzip, unzipText } from './unzip.ts';

test('faults in the archive', async (t) => {
  const sandbox = await start(t, { shape: { rows: 100 } });
  const client = await login(sandbox);
  const { refId, fileNames } = await readyReport(client);
  const download = (): Promise<Reply> =>
    client.post(PATHS.content, { refId, fileName: fileNames[0] });
  const whole = (await download()).body;
  const spoilt = async (name: FaultName, megabytes = 8): Promise<Buffer> => {
    sandbox.faults.arm({ name, megabytes });
    const { status, headers, body } = await download();
    assert.deepEqual([status, headers['content-type']], [200, 'application/octet-stream'], name);
    return body;
  };

  const truncated = await spoilt('truncated-archive');
  assert.ok(
    whole.subarray(0, truncated.length).equals(truncated) && truncated.length < whole.length,
  );
  const corrupted = await spoilt('corrupted-archive');
  assert.deepEqual([corrupted.length, corrupted.equals(whole)], [whole.length, false]);
  await assert.rejects(unzip(corrupted, ZIP_PASSWORD));
  const locked = await spoilt('wrong-password');
  await assert.rejects(unzip(locked, ZIP_PASSWORD), /password/i);
  assert.equal(
    await unzipText(locked, `Not-${ZIP_PASSWORD}`),
    await unzipText(whole, ZIP_PASSWORD),
  );
  const bomb = await spoilt('bomb');
  assert.ok(bomb.length < 100_000);
  assert.equal((await unzip(bomb, ZIP_PASSWORD))[0]?.bytes.length, 8 * 1024 * 1024 + 2);
  assert.equal((await unzip(await spoilt('two-entries'), ZIP_PASSWORD)).length, 2);
  assert.ok((await spoilt('path-in-name')).includes('../../../MKK_RP166_'));
  assert.match((await spoilt('not-a-zip')).toString(), /^This is not an archive/);
  const body = await spoilt('jws-as-octet-stream');
  const { isSigned, code } = readAnswer(sandbox, { status: 200, headers: {}, body });
  assert.deepEqual([isSigned, code], [true, 'BS040']);
  assert.ok((await download()).body.equals(whole));
});

test('a fault in the archive waits for an archive', async (t) => {
  const sandbox = await start(t, { shape: { rows: 10 } });
  const client = await login(sandbox);
  sandbox.faults.arm({ name: 'not-a-zip' });
  const { refId } = await readyReport(client);
  const none = await client.call(PATHS.content, { refId, fileName: 'no-such-file.zip' });
  assert.equal(none.code, 'BS040');
  assert.equal(sandbox.faults.armed().length, 1);
});

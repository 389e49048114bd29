import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { linkSync } from 'node:fs';
import { mkdir, readdir, readFile, symlink, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import {
  completePlaced,
  isPlaced,
  numbered,
  placePart,
  removePart,
  sweepParts,
  writePart,
} from '../../src/orders/folder.ts';
import { temporaryFolder } from '../support/folder.ts';

const signal = new AbortController().signal;
async function* pieces(...texts: string[]): AsyncGenerator<Buffer> {
  for (const text of texts) yield Buffer.from(text);
}

test('a file gets its name when it is whole, and sha256sum agrees', async () => {
  const folder = await temporaryFolder();
  const part = await writePart(folder, pieces('HESAP;', 'BAKIYE\r\n'), signal);
  assert.deepEqual(await readdir(folder), [part.part]);
  assert.equal(part.bytes, 14);
  assert.equal(await isPlaced(folder, part), false);
  assert.equal(await placePart(folder, part, 'TIB.csv'), 'placed');
  assert.equal(await isPlaced(folder, part), true);
  await removePart(folder, part);
  assert.deepEqual((await readdir(folder)).toSorted(), ['TIB.csv', 'TIB.csv.sha256']);
  const checked = spawnSync('sha256sum', ['-c', 'TIB.csv.sha256'], { cwd: folder });
  assert.equal(checked.status, 0, String(checked.stderr));
});

test('nothing is left of what could not be written whole', async () => {
  const folder = await temporaryFolder();
  async function* broken(): AsyncGenerator<Buffer> {
    yield Buffer.from('half');
    throw new Error('the report is damaged');
  }
  await assert.rejects(writePart(folder, broken(), signal), /damaged/);
  const stopped = AbortSignal.abort(new Error('the gateway is shutting down'));
  await assert.rejects(writePart(folder, pieces('a'), stopped), /shutting down/);
  assert.deepEqual(await readdir(folder), []);
});

test('other bytes under the name stay, the same bytes are as good as delivered', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'TIB.csv'), 'theirs');
  const part = await writePart(folder, pieces('ours'), signal);
  assert.equal(await placePart(folder, part, 'TIB.csv'), 'taken');
  assert.equal(await readFile(join(folder, 'TIB.csv'), 'utf8'), 'theirs');
  assert.equal(await placePart(folder, part, numbered('TIB.csv', 2)), 'placed');
  const again = await writePart(folder, pieces('ours'), signal);
  assert.equal(await placePart(folder, again, 'TIB-2.csv'), 'there');
  assert.equal(await readFile(join(folder, 'TIB-2.csv'), 'utf8'), 'ours');
});

test('what its reader has taken counts as delivered, and what was never named does not', async () => {
  const folder = await temporaryFolder();
  const part = await writePart(folder, pieces('rows'), signal);
  assert.equal(await isPlaced(folder, part), false);
  await placePart(folder, part, 'TIB.csv');
  await unlink(join(folder, 'TIB.csv'));
  assert.equal(await isPlaced(folder, part), true, 'its inode has changed since it was written');
  await completePlaced(folder, part, 'TIB.csv');
  assert.ok(!(await readdir(folder)).includes('TIB.csv'));
});

test('where no link can be made the part itself gets the name', async (t) => {
  const folder = await temporaryFolder();
  const part = await writePart(folder, pieces('ours'), signal);
  if (!fillLinks(folder, part.part)) return t.skip('a file may have any number of links here');
  assert.equal(await placePart(folder, part, 'TIB.csv'), 'placed');
  assert.equal(await readFile(join(folder, 'TIB.csv'), 'utf8'), 'ours');
  assert.match(await readFile(join(folder, 'TIB.csv.sha256'), 'utf8'), / {2}TIB\.csv\n$/);
  const left = (await readdir(folder)).filter((name) => name.startsWith('.mks-'));
  assert.deepEqual(left, [], 'it is gone from where it was');
  assert.equal(await isPlaced(folder, part), true);
});

/** Gives a file all the links that it may have. @returns whether there is an end to them. */
function fillLinks(folder: string, name: string): boolean {
  // Ext4 ends at 65 000.
  for (let link = 0; link < 70_000; link += 1) {
    try {
      linkSync(join(folder, name), join(folder, `link-${link}`));
    } catch {
      return true;
    }
  }
  return false;
}

test('what cannot be looked at is neither taken for placed nor for somebody’s file', async () => {
  const folder = await temporaryFolder();
  const part = await writePart(folder, pieces('rows'), signal);
  await symlink('TIB.csv', join(folder, 'TIB.csv'));
  await assert.rejects(placePart(folder, part, 'TIB.csv'), { code: 'ELOOP' });
  await mkdir(join(folder, 'sub.csv'));
  assert.equal(await placePart(folder, part, 'sub.csv'), 'taken', 'a folder is no file of ours');
  await writeFile(join(folder, 'file'), '');
  await assert.rejects(isPlaced(join(folder, 'file'), part), { code: 'ENOTDIR' });
});

test('a digest that was not written before the end is written later', async () => {
  const folder = await temporaryFolder();
  const part = await writePart(folder, pieces('rows'), signal);
  await placePart(folder, part, 'TIB.csv');
  await unlink(join(folder, 'TIB.csv.sha256'));
  await completePlaced(folder, part, 'TIB.csv');
  const digest = createHash('sha256').update('rows').digest('hex');
  assert.equal(await readFile(join(folder, 'TIB.csv.sha256'), 'utf8'), `${digest}  TIB.csv\n`);
});

test('what killed runs have left goes after a day, and nothing else does', async () => {
  const folder = await temporaryFolder();
  const old = await writePart(folder, pieces('old'), signal);
  const young = await writePart(folder, pieces('young'), signal);
  await writeFile(join(folder, '.mks-mine.part'), 'not ours');
  const now = Date.now();
  await utimes(join(folder, old.part), 0, (now - 25 * 3_600_000) / 1000);
  await utimes(join(folder, '.mks-mine.part'), 0, 0);
  await sweepParts(folder, now);
  assert.deepEqual((await readdir(folder)).toSorted(), ['.mks-mine.part', young.part].toSorted());
});

test('a number comes before the last dot', () => {
  assert.equal(numbered('TIB-20250505.csv', 1), 'TIB-20250505.csv');
  assert.equal(numbered('TIB-20250505.csv', 2), 'TIB-20250505-2.csv');
  assert.equal(numbered('TIB', 3), 'TIB-3');
});

/** Which checkpoints have no stamp yet, wherever in its file a line stands. */
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findUnstamped, checkpointId } from '../../../src/trail/stamps/unstamped.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { nextLine, NO_DIGEST } from '../../../src/trail/line.ts';

const TIME = '2026-11-25T12:00:00.000+03:00';
const line = (number: number, content: Parameters<typeof nextLine>[2]): string =>
  nextLine({ number: number - 1, digest: NO_DIGEST }, TIME, content).text;

const checkpoint = (number: number, jws: string): string =>
  line(number, { action: 'checkpoint', member: 'TIB', jws });

test('a checkpoint is found as the first line of its file, and where it was not', async () => {
  const folder = await temporaryFolder();
  // A file of a new day begins with whatever came first.
  const stamped = line(2, {
    action: 'checkpoint.stamped',
    checkpoint: checkpointId('a.b.c'),
  });
  const texts = [checkpoint(1, 'a.b.c'), stamped, checkpoint(3, 'd.e.f')];
  for (const [index, text] of texts.entries()) {
    const name = `2026112${5 + index}-20261125120000000-0a0a0a0a-00000${index + 1}.ndjson`;
    writeFileSync(join(folder, name), text);
  }
  assert.deepEqual(await findUnstamped(folder, '20261125'), ['d.e.f']);
  assert.deepEqual(await findUnstamped(folder, '20261127'), ['d.e.f']);
  writeFileSync(join(folder, '20261126-20261125120000000-0a0a0a0a-000002.ndjson'), '');
  assert.deepEqual(await findUnstamped(folder, '20261125'), ['a.b.c', 'd.e.f']);
});

test('a file that was let go of in the meantime has none, one that cannot be read is told', async () => {
  const folder = await temporaryFolder();
  const nameOf = (segment: number): string =>
    join(folder, `20261125-20261125120000000-0a0a0a0a-00000${segment}.ndjson`);
  symlinkSync('gone', nameOf(1));
  writeFileSync(nameOf(2), checkpoint(1, 'a.b.c'));
  assert.deepEqual(await findUnstamped(folder, '20261125'), ['a.b.c']);
  mkdirSync(nameOf(3));
  await assert.rejects(findUnstamped(folder, '20261125'), { code: 'EISDIR' });
});

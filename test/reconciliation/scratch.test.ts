/** Sealed room on the disk, read by who must not keep others waiting. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  closeScratch,
  createPatientScratchWriter,
  createScratchWriter,
  openScratch,
  readPiece,
  readPiecesPatiently,
} from '../../src/reconciliation/scratch.ts';
import { StorageFullError } from '../../src/reports/errors.ts';
import { temporaryFolder } from '../support/folder.ts';
import { mountSmall } from '../support/small-disk.ts';
import { countTurns } from '../support/turns.ts';

test('the event loop turns between two pieces, however fast they are taken', async (t) => {
  const scratch = openScratch(await temporaryFolder());
  t.after(() => closeScratch(scratch));
  const write = createScratchWriter(scratch);
  const texts = Array.from({ length: 20 }, (_, at) => `piece ${at}\n`);
  const pieces = texts.map((text) => write(Buffer.from(text)));
  const turns = countTurns(t);
  const read: string[] = [];
  for await (const piece of readPiecesPatiently(scratch, pieces)) read.push(String(piece));
  assert.deepEqual(read, texts);
  assert.ok(turns() >= pieces.length - 1, `${turns()} turns`);
});

test('a full disk is told as such to who waits for it and to who does not', async (t) => {
  const folder = await temporaryFolder();
  const unmount = mountSmall(folder, '64k');
  if (unmount === undefined) return t.skip('no file system can be mounted here');
  t.after(unmount);
  const [one, other] = [openScratch(folder), openScratch(folder)];
  for (const scratch of [one, other]) t.after(() => closeScratch(scratch));
  const write = createPatientScratchWriter(one);
  const piece = await write(Buffer.from('whole'));
  await assert.rejects(write(Buffer.alloc(100_000)), StorageFullError);
  assert.throws(() => createScratchWriter(other)(Buffer.alloc(100_000)), StorageFullError);
  assert.equal(String(readPiece(one, piece)), 'whole', 'what was written before is there');
});

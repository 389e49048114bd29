/** Sealed room on the disk, read by who must not keep others waiting. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  closeScratch,
  createScratchWriter,
  openScratch,
  readPiecesPatiently,
} from '../../src/reconciliation/scratch.ts';
import { temporaryFolder } from '../support/folder.ts';

test('the event loop turns between two pieces, however fast they are taken', async (t) => {
  const scratch = openScratch(await temporaryFolder());
  t.after(() => closeScratch(scratch));
  const write = createScratchWriter(scratch);
  const texts = Array.from({ length: 20 }, (_, at) => `piece ${at}\n`);
  const pieces = texts.map((text) => write(Buffer.from(text)));
  let turns = 0;
  const count = (): void => {
    turns += 1;
    next = setImmediate(count);
  };
  let next = setImmediate(count);
  t.after(() => clearImmediate(next));
  const read: string[] = [];
  for await (const piece of readPiecesPatiently(scratch, pieces)) read.push(String(piece));
  assert.deepEqual(read, texts);
  assert.ok(turns >= pieces.length - 1, `${turns} turns`);
});

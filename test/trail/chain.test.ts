/** Where a chain cannot be begun, and what it finds in the folder that is gone, or is no file. */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pino } from 'pino';
import { systemClock } from '../../src/lib/clock.ts';
import { beginChain } from '../../src/trail/chain.ts';
import { createChainKeeper } from '../../src/trail/keeper.ts';
import { createTrailWriter } from '../../src/trail/writer.ts';
import { temporaryFolder } from '../support/folder.ts';
import { mountSmall } from '../support/small-disk.ts';
import { earlierOf, filesOf, linesOf, READ } from './support.ts';

const IDENTITY = { version: '1', host: 'here', replica: 'one' };
const WHY = { reason: 'start', unrecorded: 0 };
const SEGMENT = '20261127-20261127120000000-0a0a0a0a-000001.ndjson';

test('a chain that finds no room for its first line leaves no file, at any try', async (t) => {
  const folder = join(await temporaryFolder(), 'trail');
  const unmount = mountSmall(folder, '64k');
  if (unmount === undefined) return t.skip('no file system can be mounted here');
  t.after(unmount);
  writeFileSync(join(folder, 'filling'), Buffer.alloc(64 * 1024));
  for (let tries = 0; tries < 3; tries += 1)
    await assert.rejects(beginChain(folder, IDENTITY, systemClock, WHY), { code: 'ENOSPC' });
  assert.deepEqual(readdirSync(folder), ['filling']);
});

test('what is let go of while a chain begins is named without an end', async (t) => {
  const folder = await temporaryFolder();
  // As one that was listed, and is gone when it is opened.
  symlinkSync('gone', join(folder, SEGMENT));
  const chain = await beginChain(folder, IDENTITY, systemClock, WHY);
  t.after(() => chain.close());
  const end = { chain: '20261127120000000-0a0a0a0a', number: 0, digest: '' };
  assert.deepEqual(earlierOf(join(folder, chain.segment())), [end]);
});

test('no chain begins where an earlier one cannot be read', async () => {
  const folder = await temporaryFolder();
  mkdirSync(join(folder, SEGMENT));
  await assert.rejects(beginChain(folder, IDENTITY, systemClock, WHY), { code: 'EISDIR' });
  assert.deepEqual(readdirSync(folder), [SEGMENT]);
});

test('beyond what may wait for the disk an act is refused at once, and the others are written', async (t) => {
  const folder = await temporaryFolder();
  const log = pino({ level: 'silent' });
  const keeper = createChainKeeper({ folder, identity: IDENTITY, clock: systemClock, log });
  const writer = createTrailWriter(keeper);
  t.after(() => writer.close());
  const act = writer.append(READ);
  const looks = Array.from({ length: 19_999 }, () => writer.look());
  await assert.rejects(writer.append(READ), /cannot be written: too much waits for the disk/);
  await Promise.all([act, ...looks]);
  await writer.append(READ);
  const [file = ''] = filesOf(folder);
  const actions = linesOf(file).map(({ action }) => action);
  assert.deepEqual(actions, ['chain.begun', 'rows.read', 'rows.read']);
});

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { SpoolDamagedError } from '../../../src/reports/errors.ts';
import {
  createFrameWriter,
  openRandomReader,
  RANDOM_FRAME_BYTES,
  readFrames,
} from '../../../src/reports/spool/frames.ts';
import { temporaryFolder } from '../../support/folder.ts';

const key = randomBytes(32);

async function write(path: string, frames: Uint8Array[], context = 'id|rows'): Promise<void> {
  const writer = await createFrameWriter(path, key, context);
  for (const frame of frames) await writer.write(frame);
  await writer.finish();
}

async function readAll(path: string, readKey = key, context = 'id|rows'): Promise<Buffer[]> {
  return Array.fromAsync(readFrames(path, readKey, context));
}

test('frames come back as they went, and nothing of them is on the disk', async () => {
  const path = join(await temporaryFolder(), 'rows');
  const frames = [Buffer.from('first account 123'), Buffer.from('second'), Buffer.from('last')];
  await write(path, frames);
  assert.deepEqual(await readAll(path), frames);
  assert.equal((await readFile(path)).includes('account'), false);
  assert.equal((await stat(path)).mode & 0o777, 0o600);
});

test('an empty file is one empty frame', async () => {
  const path = join(await temporaryFolder(), 'rows');
  await write(path, []);
  assert.deepEqual(await readAll(path), [Buffer.alloc(0)]);
});

test('another key, another context or another file does not open', async () => {
  const path = join(await temporaryFolder(), 'rows');
  await write(path, [Buffer.from('rows')]);
  await assert.rejects(readAll(path, randomBytes(32)), SpoolDamagedError);
  await assert.rejects(readAll(path, key, 'other|rows'), SpoolDamagedError);
});

test('every changed byte, every cut and every addition is found', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'rows');
  await write(path, [Buffer.from('one'), Buffer.from('two')]);
  const whole = await readFile(path);
  const damaged = join(folder, 'damaged');
  for (let at = 0; at < whole.length; at += 1) {
    const copy = Buffer.from(whole);
    copy[at] = (copy[at] ?? 0) ^ 0x41;
    await writeFile(damaged, copy);
    await assert.rejects(readAll(damaged), SpoolDamagedError, `byte ${at}`);
    await writeFile(damaged, whole.subarray(0, at));
    await assert.rejects(readAll(damaged), SpoolDamagedError, `cut at ${at}`);
  }
  await writeFile(damaged, Buffer.concat([whole, Buffer.from('x')]));
  await assert.rejects(readAll(damaged), SpoolDamagedError);
  await writeFile(damaged, whole);
  assert.equal((await readAll(damaged)).length, 2);
});

test('two files of one report never share a key stream', async () => {
  const folder = await temporaryFolder();
  await write(join(folder, 'a'), [Buffer.alloc(64)]);
  await write(join(folder, 'b'), [Buffer.alloc(64)]);
  const tail = async (name: string) => (await readFile(join(folder, name))).subarray(-80);
  assert.notDeepEqual(await tail('a'), await tail('b'));
});

test('random access gives the same bytes at every place', async (t) => {
  const path = join(await temporaryFolder(), 'archive');
  const whole = randomBytes(2 * RANDOM_FRAME_BYTES + 12_345);
  const cut = [0, 1, 2].map((n) =>
    Uint8Array.from(whole.subarray(n * RANDOM_FRAME_BYTES, (n + 1) * RANDOM_FRAME_BYTES)),
  );
  await write(path, cut, 'id|archive');
  const reader = await openRandomReader(path, key, 'id|archive');
  t.after(() => reader.close());
  assert.equal(reader.size, whole.length);
  const edge = RANDOM_FRAME_BYTES;
  for (const [offset, length] of [
    [0, 10],
    [edge - 5, 10],
    [0, whole.length],
    [whole.length - 22, 22],
    [whole.length - 5, 100],
    [edge, edge],
  ] as const) {
    const expected = whole.subarray(offset, offset + length);
    assert.ok(expected.equals(await reader.read(offset, length)), `${offset} + ${length}`);
  }
});

test('a file read at random that lost its end is found', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'archive');
  await write(path, [randomBytes(RANDOM_FRAME_BYTES), randomBytes(1000)], 'id|archive');
  const whole = await readFile(path);
  for (const length of [whole.length - 1, whole.length - 1020, 30]) {
    await writeFile(path, whole.subarray(0, length));
    await assert.rejects(async () => {
      const reader = await openRandomReader(path, key, 'id|archive');
      try {
        await reader.read(Math.max(0, reader.size - 10), 10);
      } finally {
        await reader.close();
      }
    }, SpoolDamagedError);
  }
});

import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { readdir, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { ReportGoneError } from '../../../src/reports/errors.ts';
import { RANDOM_FRAME_BYTES } from '../../../src/reports/spool/frames.ts';
import { createRowWriter } from '../../../src/reports/spool/row-writer.ts';
import { createSpool, type Spool } from '../../../src/reports/spool/spool.ts';
import { temporaryFolder } from '../../support/folder.ts';

const key = randomBytes(32);

async function keep(spool: Spool, id: string, files: string[][]): Promise<void> {
  const draft = await spool.draft(id, key, 'run');
  for (const [n, pieces] of files.entries()) {
    const reader = await draft.archive(n, chunks(`archive ${n}`));
    assert.equal(Buffer.from(await reader.read(0, 100)).toString(), `archive ${n}`);
    const rows = await createRowWriter(draft.files(n).rows);
    for (const piece of pieces) await rows.write(Buffer.from(piece));
    assert.match(await rows.finish(), /^[0-9a-f]{64}$/);
  }
  assert.equal(await spool.has(id, files.length), false, 'not before it is whole');
  await draft.commit();
}

async function* chunks(content: string): AsyncGenerator<Uint8Array> {
  for (const letter of content) yield Buffer.from(letter);
}

async function text(pieces: AsyncIterable<Buffer>): Promise<string> {
  return Buffer.concat(await Array.fromAsync(pieces)).toString();
}

test('rows of several files come one after another, plain or as zstd', async (t) => {
  const spool = await createSpool(await temporaryFolder());
  const id = randomUUID();
  await keep(spool, id, [['a\n', 'b\n'], [], ['c\n']]);
  assert.equal(await spool.has(id, 3), true);
  await spool.verify(id, key, 3);
  assert.equal(await text(spool.plainRows(id, key, 3)), 'a\nb\nc\n');
  const frames = await Array.fromAsync(spool.zstdRows(id, key, 3));
  const single = randomUUID();
  await keep(spool, single, [['a\n', 'b\n', 'c\n']]);
  const one = Buffer.concat(await Array.fromAsync(spool.zstdRows(single, key, 1)));
  assert.equal(zstdDecompressSync(one).toString(), 'a\nb\nc\n', 'one frame a file');
  assert.ok(frames.length > 0);
  const archive = await spool.openKept(id, key, 2);
  t.after(() => archive.close());
  assert.equal(Buffer.from(await archive.read(0, archive.size)).toString(), 'archive 2');
});

test('an archive comes back whole, wherever its pieces were cut, and its pieces are let go of', async (t) => {
  const spool = await createSpool(await temporaryFolder());
  const draft = await spool.draft(randomUUID(), key, 'run');
  const whole = randomBytes(2 * RANDOM_FRAME_BYTES + 700_000);
  const sizes = [3, RANDOM_FRAME_BYTES + 300_000, 100_000, RANDOM_FRAME_BYTES - 400_003];
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < whole.length; at += pieces.at(-1)?.length ?? 0) {
    const size = sizes[pieces.length] ?? whole.length;
    pieces.push(Uint8Array.from(whole.subarray(at, at + size)));
  }
  const reader = await draft.archive(0, Readable.from(pieces));
  t.after(() => draft.discard());
  assert.ok(whole.equals(await reader.read(0, reader.size)));
  assert.deepEqual(
    pieces.map(({ length }) => length > 3),
    [false, false, false, false, true],
    'only the last one is left, and what is too small to matter',
  );
});

test('files that go between the look for them and their reading are an expired report', async () => {
  const spool = await createSpool(await temporaryFolder());
  const id = randomUUID();
  await keep(spool, id, [['a\n']]);
  await spool.verify(id, key, 1);
  await spool.remove([id]);
  await assert.rejects(text(spool.plainRows(id, key, 1)), ReportGoneError);
  await assert.rejects(text(spool.zstdRows(id, key, 1)), ReportGoneError);
  // Before that they are but missing, and fetched again.
  await assert.rejects(spool.verify(id, key, 1), { code: 'ENOENT' });
});

test('rows that begin anew leave nothing of the first attempt', async () => {
  const folder = await temporaryFolder();
  const spool = await createSpool(folder);
  const id = randomUUID();
  const draft = await spool.draft(id, key, 'run');
  await draft.archive(0, chunks('zip'));
  const wrong = await createRowWriter(draft.files(0).rows);
  await wrong.write(Buffer.from('wrong\n'));
  await wrong.abandon();
  const rows = await createRowWriter(draft.files(0).rows);
  await rows.write(Buffer.from('right\n'));
  await rows.finish();
  await draft.commit();
  assert.equal(await text(spool.plainRows(id, key, 1)), 'right\n');
  assert.deepEqual((await readdir(folder)).toSorted(), [`${id}.0.archive`, `${id}.0.rows`]);
});

test('a discarded draft leaves nothing', async () => {
  const folder = await temporaryFolder();
  const spool = await createSpool(folder);
  const draft = await spool.draft(randomUUID(), key, 'run');
  await draft.archive(0, chunks('zip'));
  const rows = await createRowWriter(draft.files(0).rows);
  await rows.write(Buffer.from('row\n'));
  await rows.abandon();
  await draft.discard();
  assert.deepEqual(await readdir(folder), []);
});

test('the sweep removes orphans and abandoned drafts alone', async () => {
  const folder = await temporaryFolder();
  const spool = await createSpool(folder);
  const [kept, orphan] = [randomUUID(), randomUUID()];
  await keep(spool, kept, [['a\n']]);
  await keep(spool, orphan, [['a\n']]);
  const draft = await spool.draft(randomUUID(), key, 'live');
  await draft.archive(0, chunks('zip'));
  const abandoned = await spool.draft(randomUUID(), key, 'dead');
  await abandoned.archive(0, chunks('zip'));
  const dead = (await readdir(folder)).filter((name) => name.endsWith('.dead.draft'));
  const longAgo = new Date(Date.now() - 2 * 3_600_000);
  for (const name of dead) await utimes(join(folder, name), longAgo, longAgo);
  await spool.sweep(async (id) => id === kept);
  const names = await readdir(folder);
  assert.equal(names.filter((name) => name.startsWith(kept)).length, 2);
  assert.equal(names.filter((name) => name.startsWith(orphan)).length, 0);
  assert.equal(names.filter((name) => name.endsWith('.live.draft')).length, 1);
  assert.equal(names.filter((name) => name.endsWith('.dead.draft')).length, 0);
  await draft.discard();
});

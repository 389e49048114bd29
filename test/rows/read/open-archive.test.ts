/** Archives of every kind that MKS may send, and the reasons for which others are refused. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import unzipper from 'unzipper';
import { openArchive } from '../../../src/rows/read/index.ts';
import {
  type EntryOptions,
  HEADER,
  LIMITS,
  LOCKS,
  PASSWORD,
  ROW,
  fails,
  inMemory,
  ndjson,
  pack,
  rowsOfArchive,
} from './helpers.ts';

const run = promisify(execFile);
const CSV = `${HEADER}\r\n${`${ROW.join(';')}\r\n`.repeat(200)}`;
const ROWS = ndjson(Array.from({ length: 200 }, () => ROW));

const FORMS: [string, EntryOptions][] = [
  ['stored', { level: 0 }],
  ['deflated', { level: 6 }],
  ['zip64', { level: 6, zip64: true }],
  ['with a data descriptor', { level: 6, dataDescriptor: true }],
  ['without a data descriptor', { level: 6, dataDescriptor: false }],
  ['with a zip64 data descriptor', { level: 0, dataDescriptor: true, zip64: true }],
];

for (const [lock, lockOptions] of LOCKS) {
  for (const [form, formOptions] of FORMS) {
    test(`${lock}, ${form}`, async () => {
      const bytes = await pack([['rapor.csv', CSV]], { ...lockOptions, ...formOptions });
      assert.equal(await rowsOfArchive(bytes), ROWS);
      await fails(rowsOfArchive(bytes.subarray(0, bytes.length - 1)), 'truncated');
    });
  }
}

async function folder(context: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'archive-'));
  context.after(() => rm(path, { recursive: true, force: true }));
  return path;
}

async function isMissing(program: string, argument: string): Promise<string | false> {
  try {
    await run(program, [argument]);
    return false;
  } catch {
    return `${program} is not installed`;
  }
}

const no7z = await isMissing('7z', '--help');
const noZip = await isMissing('zip', '-v');

for (const method of ['AES128', 'AES192', 'AES256', 'ZipCrypto']) {
  for (const level of [0, 5]) {
    test(`7z with ${method} at level ${level}`, { skip: no7z }, async (context) => {
      const path = await folder(context);
      await writeFile(join(path, 'rapor.csv'), CSV);
      const options = ['a', '-tzip', `-mem=${method}`, `-mx=${level}`, `-p${PASSWORD}`];
      await run('7z', [...options, 'a.zip', 'rapor.csv'], { cwd: path });
      const bytes = await readFile(join(path, 'a.zip'));
      assert.equal(await rowsOfArchive(bytes), ROWS);
      assert.equal(
        await rowsOfArchive(bytes, PASSWORD.replace('1', '2')).catch(() => 'failed'),
        'failed',
      );
    });
  }
}

for (const options of [['-0'], ['-6'], ['-fz', '-6'], ['-fd', '-6']]) {
  test(`zip ${options.join(' ')}`, { skip: noZip }, async (context) => {
    const path = await folder(context);
    await writeFile(join(path, 'rapor.csv'), CSV);
    await run('zip', [...options, '-P', PASSWORD, 'a.zip', 'rapor.csv'], { cwd: path });
    assert.equal(await rowsOfArchive(await readFile(join(path, 'a.zip'))), ROWS);
  });
}

test('7z reads what the tests make', { skip: no7z }, async (context) => {
  const path = await folder(context);
  await writeFile(join(path, 'a.zip'), await pack([['rapor.csv', CSV]], { encryptionStrength: 3 }));
  const { stdout } = await run('7z', ['x', '-so', `-p${PASSWORD}`, 'a.zip'], { cwd: path });
  assert.equal(stdout, CSV);
});

test('unzipper reads the same ZipCrypto archive in the same way', async () => {
  const bytes = await pack([['rapor.csv', CSV]], { zipCrypto: true });
  const directory = await unzipper.Open.buffer(Buffer.from(bytes));
  const content = await directory.files[0]?.buffer(PASSWORD);
  assert.equal(content?.toString(), CSV);
});

test('name, type and size are told; each stream is a new one', async () => {
  const archive = await openArchive(
    inMemory(await pack([['Rapor_İş.JSON', '[]']])),
    PASSWORD,
    LIMITS,
  );
  assert.equal(archive.name, 'Rapor_İş.JSON');
  assert.equal(archive.type, 'json');
  assert.equal(archive.unpackedBytes, 2);
  for (let time = 0; time < 3; time++) {
    assert.equal(Buffer.concat(await Array.fromAsync(archive.stream())).toString(), '[]');
  }
  await archive.verify();
  await archive.close();
});

test('folders in a name, wherever they would lead, are no part of it', async () => {
  for (const path of ['../../etc/a.csv', '/etc/a.csv', String.raw`C:\\x\\a.csv`, 'b/../a.csv']) {
    const archive = await openArchive(inMemory(await pack([[path, CSV]])), PASSWORD, LIMITS);
    assert.equal(archive.name, 'a.csv', path);
    await archive.close();
  }
});

test('many streams that nobody finishes do not hold up another', async () => {
  const content = Buffer.alloc(3_000_000, 'x');
  const archive = await openArchive(inMemory(await pack([['a.csv', content]])), PASSWORD, LIMITS);
  const open = Array.from({ length: 8 }, () => archive.stream()[Symbol.asyncIterator]());
  for (const stream of open) assert.equal((await stream.next()).done, false);
  const startedAt = performance.now();
  assert.equal(Buffer.concat(await Array.fromAsync(archive.stream())).length, content.length);
  assert.ok(performance.now() - startedAt < 2000);
  await open[0]?.return?.();
  await archive.close();
  await assert.rejects(
    async () => {
      for (;;) if ((await open[1]?.next())?.done !== false) return;
    },
    { name: 'AbortError' },
  );
});

test('an error of the storage comes through as it is', async () => {
  const bytes = await pack([['a.csv', CSV]]);
  const failure = new Error('the disk is gone');
  let readsLeft = Infinity;
  const source = {
    size: bytes.length,
    async read(offset: number, length: number) {
      if (readsLeft-- <= 0) throw failure;
      return bytes.subarray(offset, offset + length);
    },
  };
  const archive = await openArchive(source, PASSWORD, LIMITS);
  for (let reads = 0; reads < 3; reads++) {
    readsLeft = reads;
    await assert.rejects(Array.fromAsync(archive.stream()), (error) => error === failure);
    readsLeft = reads;
    await assert.rejects(openArchive(source, PASSWORD, LIMITS), (error) => error === failure);
  }
});

test('wrong passwords', async () => {
  for (const options of LOCKS.map(([, lock]) => lock)) {
    const bytes = await pack([['a.csv', CSV]], options);
    for (const password of ['Parola123', 'parola123x', 'x', '']) {
      await assert.rejects(rowsOfArchive(bytes, password), (error: Error & { reason?: string }) =>
        ['wrong-password', 'corrupt'].includes(error.reason ?? ''),
      );
    }
  }
  await fails(rowsOfArchive(await pack([['a.csv', CSV]]), 'Parola124x'), 'wrong-password');
});

const zip = await pack([['a.csv', CSV]]);
const toldAsOne = Buffer.from(
  await pack([
    ['a.csv', CSV],
    ['b.csv', CSV],
  ]),
);
for (const at of [14, 12]) toldAsOne.writeUInt16LE(1, toldAsOne.length - at);
const NOT_OURS: [title: string, reason: Parameters<typeof fails>[1], bytes: Uint8Array][] = [
  ['nothing', 'not-a-zip', new Uint8Array(0)],
  ['a page of HTML', 'not-a-zip', Buffer.from('<html><body>503</body></html>'.repeat(10))],
  ['a JSON fault', 'not-a-zip', Buffer.from('{"responseCode":"BS040"}')],
  ['gzip', 'not-a-zip', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, ...new Uint8Array(40)])],
  ['a zip behind something else', 'not-a-zip', Buffer.concat([Buffer.from('MZ'), zip])],
  ['one byte of a zip', 'truncated', Buffer.from('P')],
  ['a local header alone', 'truncated', zip.subarray(0, 60)],
  ['a zip and a line end', 'corrupt', Buffer.concat([zip, Buffer.from('\n')])],
  ['an empty zip', 'unexpected-content', await pack([])],
  [
    'two files',
    'unexpected-content',
    await pack([
      ['a.csv', CSV],
      ['b.csv', CSV],
    ]),
  ],
  ['two files, told as one', 'corrupt', toldAsOne],
  [
    'a directory beside the file',
    'unexpected-content',
    await pack(
      [
        ['a/', ''],
        ['a.csv', CSV],
      ],
      { password: '' },
    ),
  ],
  [
    'a file that is not locked',
    'unexpected-content',
    await pack([['a.csv', CSV]], { password: '' }),
  ],
  ['a text file', 'unexpected-content', await pack([['a.txt', CSV]])],
  ['a zip in the zip', 'unexpected-content', await pack([['a.zip', zip]])],
  ['a name without extension', 'unexpected-content', await pack([['csv', CSV]])],
  ['a hidden name', 'unexpected-content', await pack([['.csv', CSV]])],
  ['a link', 'unexpected-content', await pack([['a.csv', CSV]], { unixMode: 0o120_777 })],
  ['JSON named csv', 'unexpected-content', await pack([['a.csv', '[{"isin":"X"}]']])],
  ['CSV named json', 'unexpected-content', await pack([['a.json', CSV]])],
  ['an empty file', 'unexpected-content', await pack([['a.csv', '']], { zipCrypto: true })],
];

for (const [title, reason, bytes] of NOT_OURS) {
  test(`${title} is ${reason}`, () => fails(rowsOfArchive(bytes), reason));
}

test('a comment on the archive is nothing to object to', async () => {
  assert.equal(await rowsOfArchive(await pack([['a.csv', CSV]], {}, 'PK\u0005\u0006 sahte')), ROWS);
});

test('a file that says it is too large is refused before it is unpacked', async () => {
  const bytes = await pack([['a.csv', CSV]]);
  const size = CSV.length;
  assert.equal(await rowsOfArchive(bytes, PASSWORD, { fileMaxBytes: size }), ROWS);
  await fails(openArchive(inMemory(bytes), PASSWORD, { fileMaxBytes: size - 1 }), 'too-large');
});

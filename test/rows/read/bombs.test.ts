/** Archives made to exhaust whoever opens them: each is refused quickly and in little memory. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Reader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import type { ArchiveFault } from '../../../src/rows/read/errors.ts';
import { HEADER, PASSWORD, ROW, fails, pack, rowsOfArchive } from './helpers.ts';

const GIGABYTE = 1024 ** 3;
const CSV = `${HEADER}\n${ROW.join(';')}\n`;

/** A zip of one entry that unpacks to `size` bytes of one letter. */
async function packRepeated(name: string, letter: string, size: number): Promise<Uint8Array> {
  const block = new Uint8Array(1024 * 1024).fill(letter.charCodeAt(0));
  const source = Object.assign(new Reader(undefined), {
    size,
    async readUint8Array(offset: number, length: number): Promise<Uint8Array> {
      return block.subarray(0, Math.min(length, block.length, size - offset));
    },
  });
  const writer = new ZipWriter(new Uint8ArrayWriter(), {
    useWebWorkers: false,
    password: PASSWORD,
  });
  await writer.add(name, source);
  return writer.close();
}

async function refusedCheaply(
  bytes: Uint8Array,
  reason: ArchiveFault,
  fileMaxBytes = 16 * GIGABYTE,
): Promise<void> {
  const before = process.memoryUsage().rss;
  const startedAt = performance.now();
  await fails(rowsOfArchive(bytes, PASSWORD, { fileMaxBytes }), reason);
  const seconds = (performance.now() - startedAt) / 1000;
  const megabytes = (process.memoryUsage().rss - before) / 1024 ** 2;
  assert.ok(seconds < 2, `took ${seconds.toFixed(1)} s`);
  assert.ok(megabytes < 128, `took ${megabytes.toFixed(0)} MiB`);
}

/** Writes a number into every place where the archive says it, both headers and both widths. */
function patched(bytes: Uint8Array, signature: number, offset: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  for (let at = 0; at + 46 <= copy.length; at++) {
    if (copy.readUInt32LE(at) === signature) copy.writeUInt32LE(value, at + offset);
  }
  return copy;
}

const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const ZIP64_END = 0x06064b50;

test('128 MiB of one letter, whatever it pretends to be', async () => {
  for (const [name, letter] of [
    ['a.csv', 'x'],
    ['a.csv', '\n'],
    ['a.json', ' '],
    ['a.json', '['],
    ['a.json', '0'],
  ] as const) {
    const bytes = await packRepeated(name, letter, GIGABYTE / 8);
    await refusedCheaply(bytes, 'unexpected-content');
    await refusedCheaply(bytes, 'too-large', GIGABYTE / 16);
  }
});

test('a size that is declared huge', async () => {
  const bytes = await pack([['a.csv', CSV]], { zipCrypto: true, dataDescriptor: false });
  await refusedCheaply(patched(bytes, CENTRAL, 24, 0xfffffffe), 'too-large', GIGABYTE);
});

test('a size that is declared small', async () => {
  const bytes = await pack([['a.csv', CSV]], { zipCrypto: true, dataDescriptor: true });
  await refusedCheaply(patched(bytes, CENTRAL, 24, 10), 'corrupt');
});

test('a directory that is declared huge', async () => {
  const bytes = await pack([['a.csv', CSV]]);
  const end = Buffer.from(bytes);
  end.writeUInt32LE(0xfffffff0, bytes.length - 22 + 12);
  await refusedCheaply(end, 'corrupt');
  const zip64 = Buffer.from(await pack([['a.csv', CSV]], { zip64: true }));
  await refusedCheaply(patched(zip64, ZIP64_END, 44, 1), 'corrupt');
});

test('a directory that is huge', async () => {
  const padding = Buffer.alloc(64 * 1024 * 1024, 'PK\u0001\u0002');
  const tail = Buffer.alloc(22);
  tail.writeUInt32LE(END, 0);
  tail.writeUInt16LE(1, 8);
  tail.writeUInt16LE(1, 10);
  tail.writeUInt32LE(padding.length, 12);
  await refusedCheaply(Buffer.concat([padding, tail]), 'unexpected-content');
});

test('many entries, and entries that share their data', async () => {
  const files = Array.from({ length: 2000 }, (_, index) => [`${index}.csv`, 'x'] as const);
  await refusedCheaply(await pack(files, { password: '' }), 'unexpected-content');
  // Two directory entries for one local file, declared as one and as two.
  const bytes = Buffer.from(await pack([['a.csv', CSV]], { zipCrypto: true }));
  const directory = bytes.indexOf('PK\u0001\u0002');
  const end = bytes.length - 22;
  const doubled = Buffer.concat([
    bytes.subarray(0, end),
    bytes.subarray(directory, end),
    bytes.subarray(end),
  ]);
  doubled.writeUInt32LE(2 * (end - directory), doubled.length - 10);
  await refusedCheaply(doubled, 'corrupt');
  doubled.writeUInt16LE(2, doubled.length - 12);
  doubled.writeUInt16LE(2, doubled.length - 14);
  await refusedCheaply(doubled, 'unexpected-content');
});

test('extra fields and a comment as large as they can be', async () => {
  const extraField = new Map([[0x7777, new Uint8Array(60_000)]]);
  await refusedCheaply(await pack([['a.csv', CSV]], { extraField }), 'unexpected-content');
  const comment = 'x'.repeat(60_000);
  await refusedCheaply(await pack([['a.csv', CSV]], { comment }), 'unexpected-content');
});

test('data that reaches into the directory', async () => {
  const bytes = await pack([['a.csv', CSV]], { zipCrypto: true, level: 0, dataDescriptor: true });
  await refusedCheaply(patched(bytes, CENTRAL, 20, bytes.length), 'corrupt');
});

test('a row without end, of a real size', async () => {
  const long = Buffer.concat([Buffer.from('[{"isin":"'), Buffer.alloc(50_000_000, 'x')]);
  await refusedCheaply(await pack([['a.json', long]]), 'unexpected-content');
});

/** The data of an entry: long ones under every lock, and what no checksum alone would notice. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, deflateRawSync } from 'node:zlib';
import { openArchive } from '../../../src/rows/read/index.ts';
import {
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

/** Bytes that no coding makes smaller, the same at every run. */
function noise(length: number): Buffer {
  let state = 1;
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[at] = state >>> 24;
  }
  return bytes;
}

for (const [lock, options] of LOCKS) {
  for (const level of [0, 6]) {
    test(`${lock} at level ${level}, beyond any piece that is read at once`, async () => {
      for (const length of [65_536, 65_537, 1_000_003]) {
        const content = noise(length);
        const bytes = await pack([['a.csv', content]], { ...options, level });
        const archive = await openArchive(inMemory(bytes), PASSWORD, LIMITS);
        assert.ok(Buffer.concat(await Array.fromAsync(archive.stream())).equals(content));
      }
    });
  }

  test(`a bit near the end of long data with ${lock}`, async () => {
    const bytes = await pack([['a.csv', noise(200_000)]], { ...options, level: 0 });
    const at = Buffer.from(bytes).lastIndexOf('PK\u0001\u0002') - 30;
    const damaged = Uint8Array.from(bytes);
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    const archive = await openArchive(inMemory(damaged), PASSWORD, LIMITS);
    await fails(Array.fromAsync(archive.stream()), 'corrupt');
  });
}

/** A deflated entry whose data are just these bytes, with all that its headers say of `content`. */
async function packDeflated(data: Uint8Array, content: string): Promise<Uint8Array> {
  const options = { zipCrypto: true, level: 0, dataDescriptor: true } as const;
  const bytes = Buffer.from(await pack([['a.csv', data]], options));
  const patch = (signature: string, crc: number, size: number, method?: number): void => {
    const at = bytes.lastIndexOf(signature);
    assert.ok(at >= 0, signature);
    bytes.writeUInt32LE(crc32(content), at + crc);
    bytes.writeUInt32LE(content.length, at + size);
    if (method !== undefined) bytes.writeUInt16LE(8, at + method);
  };
  patch('PK\u0001\u0002', 16, 24, 10);
  patch('PK\u0007\u0008', 4, 12);
  bytes.writeUInt16LE(8, bytes.indexOf('PK\u0003\u0004') + 8);
  return bytes;
}

const CSV = `${HEADER}\n${ROW.join(';')}\n`;

test('bytes behind the end of the deflate stream are damage, and so is an end that is missing', async () => {
  const whole = deflateRawSync(CSV);
  assert.equal(await rowsOfArchive(await packDeflated(whole, CSV)), ndjson([ROW]));
  for (const behind of [1, 1000, 200_000]) {
    const data = Buffer.concat([whole, noise(behind)]);
    await fails(rowsOfArchive(await packDeflated(data, CSV)), 'corrupt');
  }
  await fails(rowsOfArchive(await packDeflated(whole.subarray(0, -1), CSV)), 'corrupt');
  await fails(rowsOfArchive(await packDeflated(new Uint8Array(), CSV)), 'corrupt');
});

test('a stream that is left half read lets go of what it held', async () => {
  const reads: number[] = [];
  const bytes = await pack([['a.csv', noise(4_000_000)]]);
  const source = {
    size: bytes.length,
    async read(offset: number, length: number) {
      reads.push(offset);
      return bytes.subarray(offset, offset + length);
    },
  };
  const archive = await openArchive(source, PASSWORD, LIMITS);
  for await (const piece of archive.stream()) {
    assert.ok(piece.length > 0);
    break;
  }
  const readsThen = reads.length;
  // One piece for the reader and one ahead of it, and not the file.
  assert.ok(Math.max(...reads) > 0 && readsThen < 40, `${readsThen} reads`);
  await archive.close();
});

test('lent pieces leave no memory behind, and others stay', async () => {
  const content = Buffer.alloc(1024 * 1024, 'row');
  for (const compressionMethod of [0, 8]) {
    const bytes = await pack([['a.json', content]], { zipCrypto: true, compressionMethod });
    const archive = await openArchive(inMemory(bytes), PASSWORD, LIMITS);
    const left = async (isLent: boolean): Promise<number> => {
      const pieces = await Array.fromAsync(archive.stream(isLent));
      return pieces.reduce((sum, piece) => sum + piece.length, 0);
    };
    assert.equal(await left(false), content.length);
    assert.equal(await left(true), 0);
  }
});

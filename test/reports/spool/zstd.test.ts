/** Kept rows come back in pieces of whole lines, in memory of their own or in lent one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { SpoolDamagedError } from '../../../src/reports/errors.ts';
import { inflateLines } from '../../../src/reports/spool/zstd.ts';

const WAYS = {
  kept: (pieces: AsyncIterable<Buffer>) => inflateLines(pieces),
  lent: (pieces: AsyncIterable<Buffer>) => inflateLines(pieces, true),
};
/** One of them is longer than what is inflated at a time, so a piece has to grow for it. */
const lines = Array.from({ length: 30_000 }, (_, at) => `line ${at} ${'x'.repeat(at % 61)}\n`);
lines[20_000] = `${'long'.repeat(200_000)}\n`;

async function* inPieces(bytes: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}

for (const [name, inflate] of Object.entries(WAYS)) {
  test(`${name}: every byte, in pieces of whole lines`, async () => {
    const read: string[] = [];
    for await (const piece of inflate(inPieces(zstdCompressSync(lines.join(''))))) {
      assert.equal(piece.at(-1), 0x0a);
      read.push(piece.toString());
    }
    assert.ok(read.length > 1);
    assert.equal(read.join(''), lines.join(''));
  });

  test(`${name}: a last line without an end is damage, and so is what does not inflate`, async () => {
    const whole = zstdCompressSync('one\ntwo');
    const all = async (bytes: Buffer): Promise<void> => {
      for await (const piece of inflate(inPieces(bytes))) void piece;
    };
    await assert.rejects(all(whole), SpoolDamagedError);
    await assert.rejects(all(Buffer.from('no zstd at all\n')), { code: /^ZSTD_error/ });
  });
}

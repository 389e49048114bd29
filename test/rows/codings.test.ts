/** Rows compressed on their way: each coding read by a decoder that is not ours, failures passed on. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { codings, compress } from '../../src/rows/codings.ts';

const decoders = { zstd: zstdDecompressSync, gzip: gunzipSync, br: brotliDecompressSync };
const LINE = '{"mbrAccNo":"1001","balanceAmount":"1250.00"}\n';

async function* pieces(count: number): AsyncGenerator<Buffer> {
  for (let n = 0; n < count; n += 1) yield Buffer.from(LINE.repeat(1_000));
}

for (const coding of codings) {
  test(`${coding} gives back what went in, as one frame`, async () => {
    const parts = await Array.fromAsync(compress(coding, pieces(20)));
    const packed = Buffer.concat(parts);
    assert.equal(decoders[coding](packed).toString(), LINE.repeat(20_000));
    assert.ok(packed.length < LINE.length * 1_000, `${packed.length} bytes`);
    const empty = Buffer.concat(await Array.fromAsync(compress(coding, pieces(0))));
    assert.equal(decoders[coding](empty).length, 0);
  });

  test(`${coding} breaks where its pieces break`, async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield* pieces(1);
      throw new Error('a damaged frame');
    }
    await assert.rejects(Array.fromAsync(compress(coding, broken())), /a damaged frame/);
  });
}

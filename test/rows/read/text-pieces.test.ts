/** Pieces of text: whole characters in UTF-8, however the bytes are cut and whatever they were. */
import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { NotUtf8Error, textPieces } from '../../../src/rows/read/text-pieces.ts';
import { anySign } from '../../support/any-sign.ts';
import { chunks, fails } from './helpers.ts';

const text = fc.string({ unit: anySign, maxLength: 40 });
const cut = fc.integer({ min: 1, max: 9 });

test('UTF-8 comes out as it went in, no character cut, without its mark', async () => {
  await fc.assert(
    fc.asyncProperty(text, cut, fc.boolean(), async (content, size, hasMark) => {
      fc.pre(!content.startsWith('\uFEFF') && content.isWellFormed());
      const bytes = Buffer.from(hasMark ? `\uFEFF${content}` : content);
      const pieces = await Array.fromAsync(textPieces(chunks(bytes, size), 'utf-8'));
      for (const piece of pieces) assert.ok(isUtf8(piece), 'whole characters');
      assert.equal(Buffer.concat(pieces).toString(), content);
    }),
  );
});

test('what is no UTF-8 is found, wherever it is cut', async () => {
  const bad = ['\xff', 'a\xc3', '\xc3(', '\xe2\x82', '\xf0\x9f\x98', '\xc0\xaf', '\xed\xa0\x80'];
  for (const each of bad) {
    for (const size of [1, 2, 3, 100]) {
      const bytes = Buffer.from(`iyi ${each}`, 'latin1');
      const reading = Array.fromAsync(textPieces(chunks(bytes, size), 'utf-8'));
      await assert.rejects(reading, NotUtf8Error, `${each} by ${size}`);
    }
  }
});

test('windows-1254 becomes UTF-8; a file with good UTF-8 in it is not taken for it', async () => {
  const turkish = Buffer.from([0xdd, 0xfe, 0xf0, 0x80, 0x41]);
  for (const size of [1, 2, 100]) {
    const pieces = await Array.fromAsync(textPieces(chunks(turkish, size), 'windows-1254'));
    assert.equal(Buffer.concat(pieces).toString(), 'İşğ€A');
  }
  for (const character of ['ş', '€', '😀']) {
    for (let size = 1; size <= 6; size += 1) {
      const mixed = Buffer.concat([turkish, Buffer.from(`x${character}y`)]);
      const reading = Array.fromAsync(textPieces(chunks(mixed, size), 'windows-1254'));
      await fails(reading, 'unexpected-content');
    }
  }
});

test('a large file comes in pieces of bounded size', async () => {
  const large = Buffer.alloc(1_000_000, 'ş');
  for (const [bytes, encoding] of [
    [large, 'utf-8'],
    [Buffer.alloc(1_000_000, 0x80), 'windows-1254'],
  ] as const) {
    const pieces = await Array.fromAsync(textPieces(chunks(bytes, bytes.length), encoding));
    assert.ok(pieces.length > 3 && pieces.every((piece) => piece.length <= 256 * 1024));
  }
});

/** Damage of every single byte, every length and every password: an error, or the very same rows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { harmEachByte, lockedArchives, tryPasswords } from '../../support/archive-damage.ts';
import { ArchiveError } from '../../../src/rows/read/index.ts';
import { collect, fails, rowsOfArchive } from './helpers.ts';

const MASKS = [0x01, 0xff, 0x80];

for (const type of ['csv', 'json'] as const) {
  for (const archive of await lockedArchives(type)) {
    test(`any byte of a ${archive.label}`, async () => {
      const { wrong, reasons } = await harmEachByte(archive, (at) => [MASKS[at % 3] ?? 1]);
      assert.deepEqual(wrong, []);
      const errors = Object.values(reasons).reduce((sum, each) => sum + each, 0);
      assert.ok(errors > archive.bytes.length / 2, `only ${errors} were noticed`);
    });
  }
}

for (const { label, bytes } of await lockedArchives('csv')) {
  test(`any length of a ${label}`, async () => {
    for (let length = 1; length < bytes.length; length++) {
      await fails(rowsOfArchive(bytes.subarray(0, length)), 'truncated');
    }
  });

  test(`damage in the data of a ${label}, is corrupt, not a content`, async () => {
    // Behind the local header (30 bytes, the name, at most 60 of extra fields) and the lock's own.
    const from = 30 + 'a.csv'.length + 90;
    for (const at of [from, from + 20]) {
      await fails(rowsOfArchive(bytes.with(at, (bytes[at] ?? 0) ^ 0x20)), 'corrupt');
    }
  });
}

test('none of 2,048 wrong passwords opens ZipCrypto', async () => {
  const [stored] = await lockedArchives('csv');
  assert.ok(stored);
  const { wrong, reasons } = await tryPasswords(stored, 2_048);
  assert.deepEqual(wrong, []);
  const corrupt = reasons['corrupt'] ?? 0;
  assert.equal(reasons['wrong-password'], 2_048 - corrupt);
  assert.ok(corrupt > 0 && corrupt < 32, 'about one in 256 passes the one-byte check');
});

test('a wrong content is held against the checksum, what is known to be damaged is not read again', async () => {
  const outcomes = [];
  for (const reason of ['unexpected-content', 'corrupt'] as const) {
    let verified = 0;
    const work = collect({
      type: 'csv',
      // oxlint-disable-next-line require-yield
      async *stream() {
        throw new ArchiveError(reason, 'found on the way');
      },
      async verify() {
        verified += 1;
      },
    });
    await fails(work, reason);
    outcomes.push(verified);
  }
  assert.deepEqual(outcomes, [1, 0]);
});

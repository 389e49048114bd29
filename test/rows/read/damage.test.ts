/** Damage of every single byte, every length and every password: an error, or the very same rows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ArchiveError } from '../../../src/rows/read/index.ts';
import {
  type EntryOptions,
  HEADER,
  PASSWORD,
  ROW,
  fails,
  ndjson,
  pack,
  rowsOfArchive,
} from './helpers.ts';

const CSV = `${HEADER}\n${ROW.join(';')}\n`;
const JSON_FILE = `[${ndjson([ROW]).trim()}]`;
const EXPECTED = ndjson([ROW]);

const CHANGES = [0x01, 0xff, 0x80];

const LOCKS: [string, EntryOptions][] = [
  ['ZipCrypto', { zipCrypto: true }],
  ['AES', { encryptionStrength: 3 }],
];
const FORMS: [string, EntryOptions][] = [
  ['stored', { level: 0 }],
  ['deflated', { level: 6 }],
];

for (const [lock, lockOptions] of LOCKS) {
  for (const [form, formOptions] of FORMS) {
    for (const [name, content] of [
      ['a.csv', CSV],
      ['a.json', JSON_FILE],
    ] as const) {
      test(`any byte of a ${name} with ${lock}, ${form}`, async () => {
        const whole = await pack([[name, content]], { ...lockOptions, ...formOptions });
        let errors = 0;
        for (let at = 0; at < whole.length; at++) {
          const damaged = Uint8Array.from(whole);
          damaged[at] = (damaged[at] ?? 0) ^ (CHANGES[at % CHANGES.length] ?? 1);
          try {
            assert.equal(await rowsOfArchive(damaged), EXPECTED, `byte ${at}`);
          } catch (error) {
            assert.ok(error instanceof ArchiveError, `byte ${at}: ${String(error)}`);
            errors++;
          }
        }
        assert.ok(errors > whole.length / 2, `only ${errors} were noticed`);
      });
    }

    test(`any length of an archive with ${lock}, ${form}`, async () => {
      const whole = await pack([['a.csv', CSV]], { ...lockOptions, ...formOptions });
      for (let length = 1; length < whole.length; length++) {
        await fails(rowsOfArchive(whole.subarray(0, length)), 'truncated');
      }
    });

    test(`damage in the data with ${lock}, ${form}, is corrupt, not a content`, async () => {
      const whole = await pack([['a.csv', CSV]], { ...lockOptions, ...formOptions });
      // Behind the local header (30 bytes, the name, at most 60 of extra fields) and the lock's own.
      const from = 30 + 'a.csv'.length + 90;
      for (const at of [from, from + 20]) {
        const damaged = Uint8Array.from(whole);
        damaged[at] = (damaged[at] ?? 0) ^ 0x20;
        await fails(rowsOfArchive(damaged), 'corrupt');
      }
    });
  }
}

test('none of 4,096 wrong passwords opens ZipCrypto', async () => {
  const whole = await pack([['a.csv', CSV]], { zipCrypto: true, level: 0 });
  const reasons = new Map<string, number>();
  for (let number = 0; number < 4096; number++) {
    try {
      await rowsOfArchive(whole, `Yanlis${number}`);
    } catch (error) {
      assert.ok(error instanceof ArchiveError, String(error));
      reasons.set(error.reason, (reasons.get(error.reason) ?? 0) + 1);
    }
  }
  const corrupt = reasons.get('corrupt') ?? 0;
  assert.equal(reasons.get('wrong-password'), 4096 - corrupt);
  assert.ok(corrupt > 0 && corrupt < 64, 'about one in 256 passes the one-byte check');
  assert.equal(await rowsOfArchive(whole, PASSWORD), EXPECTED);
});

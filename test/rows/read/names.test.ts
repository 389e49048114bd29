/** An entry's name is never a path: its folders are left out, and what hides something is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openArchive } from '../../../src/rows/read/index.ts';
import {
  HEADER,
  LIMITS,
  PASSWORD,
  ROW,
  collect,
  fails,
  inMemory,
  ndjson,
  pack,
  rowsOfArchive,
} from './helpers.ts';

const CSV = `${HEADER}\n${ROW.join(';')}\n`;

/** The writer refuses such names too: one of the same length is put in their place. */
async function packNamed(name: string): Promise<Uint8Array> {
  const plain = 'y'.repeat(name.length);
  const packed = Buffer.from(await pack([[plain, CSV]], { zipCrypto: true }));
  return Buffer.from(packed.toString('latin1').replaceAll(plain, name), 'latin1');
}

for (const name of ['a\0.csv', 'a\n.csv', 'b/.csv', `${'x'.repeat(300)}.csv`]) {
  test(`the name ${JSON.stringify(name.slice(0, 20))} is refused`, async () => {
    await fails(rowsOfArchive(await packNamed(name)), 'unexpected-content');
  });
}

test('a name has at most the 255 characters that file systems take', async () => {
  const longest = `${'x'.repeat(251)}.csv`;
  assert.equal(await rowsOfArchive(await packNamed(longest)), ndjson([ROW]));
  await fails(rowsOfArchive(await packNamed(`x${longest}`)), 'unexpected-content');
});

for (const name of [
  'a/b.csv',
  '../b.csv',
  '/b.csv',
  'a\\b.csv',
  '..\\b.csv',
  'C:b.csv',
  'a//b.csv',
]) {
  test(`the folder of ${name} is left out and refuses nothing`, async () => {
    const archive = await openArchive(inMemory(await packNamed(name)), PASSWORD, LIMITS);
    assert.equal(archive.name, 'b.csv');
    assert.equal((await collect(archive)).text, ndjson([ROW]));
  });
}

for (const name of ['rapor', 'rapor.txt', 'rapor.dat', '20250505/TIB']) {
  test(`${name} is read as the type that was asked for`, async () => {
    const bytes = await packNamed(name);
    const limits = { ...LIMITS, fileType: 'csv' } as const;
    const archive = await openArchive(inMemory(bytes), PASSWORD, limits);
    assert.equal(archive.type, 'csv');
    assert.equal((await collect(archive)).text, ndjson([ROW]));
    await fails(
      rowsOfArchive(bytes, PASSWORD, { ...LIMITS, fileType: 'json' }),
      'unexpected-content',
    );
  });
}

test('a name that says its type is believed', async () => {
  const bytes = await packNamed('rapor.CSV');
  const limits = { ...LIMITS, fileType: 'json' } as const;
  assert.equal((await openArchive(inMemory(bytes), PASSWORD, limits)).type, 'csv');
});

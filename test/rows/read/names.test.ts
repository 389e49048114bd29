/** Names of entries that could be taken for a path, or that hide something, are refused. */
import { test } from 'node:test';
import { HEADER, ROW, fails, pack, rowsOfArchive } from './helpers.ts';

const CSV = `${HEADER}\n${ROW.join(';')}\n`;

const NAMES = [
  'a/b.csv',
  '../b.csv',
  '/b.csv',
  'a\\b.csv',
  '..\\b.csv',
  'C:b.csv',
  'a\0.csv',
  'a\n.csv',
];
for (const name of [...NAMES, `${'x'.repeat(300)}.csv`]) {
  test(`the name ${JSON.stringify(name.slice(0, 20))} is refused`, async () => {
    // The writer refuses such names too: put one of the same length in their place.
    const plain = 'y'.repeat(name.length);
    const packed = Buffer.from(await pack([[plain, CSV]], { zipCrypto: true }));
    const bytes = Buffer.from(packed.toString('latin1').replaceAll(plain, name), 'latin1');
    await fails(rowsOfArchive(bytes), 'unexpected-content');
  });
}

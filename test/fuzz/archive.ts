/** MKS's zip: an ArchiveError, or the very same rows (promise 10 harms one byte after the other; this knows no bounds). */
import assert from 'node:assert/strict';
import { ArchiveError } from '../../src/rows/read/index.ts';
import { lockedArchives, ROWS_OF_ARCHIVES } from '../support/archive-damage.ts';
import { HEADER, pack, PASSWORD, ROW, rowsOfArchive } from '../rows/read/helpers.ts';
import { type Target, valueOr } from './target.ts';

const CSV = `${HEADER}\n${ROW.join(';')}\n`;

export const archive: Target = {
  name: 'archive',
  words: ['a.csv', 'a.json', '../', '\\', ':', '\x00'].concat(
    ['PK\x03\x04', 'PK\x01\x02', 'PK\x05\x06', 'PK\x06\x06', 'PK\x06\x07', 'PK\x07\x08'],
    // Extra fields: zip64, AES, a name in Unicode. Methods: AES, deflated, deflated in 64 KiB.
    [
      '\x01\x00\x10\x00',
      '\x01\x99\x07\x00\x02\x00AE\x03\x08\x00',
      'up',
      '\x63\x00',
      '\x08\x00',
      '\x09\x00',
    ],
  ),
  async seeds() {
    const locked = [...(await lockedArchives('csv')), ...(await lockedArchives('json'))];
    const odd = await Promise.all([
      pack([['a.csv', CSV]], { zip64: true }),
      pack([['a.csv', CSV]], { zipCrypto: true, dataDescriptor: false }),
      pack([['a.csv', CSV]], { password: '' }),
      pack([['folder/', '']], { directory: true }),
      pack([
        ['a.csv', CSV],
        ['b.csv', CSV],
      ]),
      pack([['a.csv', CSV]], { comment: 'x' }, 'a comment'),
      pack([['a.csv', '']]),
      pack([['a.json', '{']]),
    ]);
    return [...locked.map(({ bytes }) => bytes), ...odd].map((bytes) => Buffer.from(bytes));
  },
  async attempt(input) {
    const outcome = await valueOr(ArchiveError, rowsOfArchive(input, PASSWORD));
    if ('error' in outcome) return [`${outcome.error.reason}: ${outcome.error.message}`];
    assert.equal(outcome.value, ROWS_OF_ARCHIVES, 'a damaged archive gave other rows');
    return ['rows'];
  },
};

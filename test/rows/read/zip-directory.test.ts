/** The end of a zip as anybody may write it: refused by what is wrong with it, before any of it is loaded. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkDirectory } from '../../../src/rows/read/zip-directory.ts';

interface End {
  entries?: number;
  directoryBytes?: number;
  directoryOffset?: number;
  comment?: string;
  /** The record for large figures, before the end. */
  zip64?: { entries: number; bytes: number };
}

/** `PK`, forty bytes that stand for an entry and its directory, and the end. */
function archive({ entries = 1, directoryBytes = 40, directoryOffset = 2, ...end }: End): Buffer {
  const { comment = '', zip64 } = end;
  const body = Buffer.concat([Buffer.from('PK'), Buffer.alloc(40)]);
  const parts = [body];
  if (zip64 !== undefined) {
    const record = Buffer.alloc(56);
    record.writeUInt32LE(0x06064b50);
    record.writeBigUInt64LE(BigInt(zip64.entries), 32);
    record.writeBigUInt64LE(BigInt(zip64.bytes), 40);
    const locator = Buffer.alloc(20);
    locator.writeUInt32LE(0x07064b50);
    locator.writeBigUInt64LE(BigInt(body.length), 8);
    parts.push(record, locator);
  }
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50);
  record.writeUInt16LE(entries, 10);
  record.writeUInt32LE(directoryBytes, 12);
  record.writeUInt32LE(directoryOffset, 16);
  record.writeUInt16LE(comment.length, 20);
  return Buffer.concat([...parts, record, Buffer.from(comment)]);
}

function check(bytes: Buffer): Promise<void> {
  return checkDirectory({
    size: bytes.length,
    read: async (offset, length) => bytes.subarray(offset, offset + length),
  });
}

const LARGE = { entries: 0xffff, directoryBytes: 0xffffffff, directoryOffset: 0xffffffff };

test('one small entry passes, with a comment and in the form for large figures', async () => {
  await check(archive({}));
  await check(archive({ comment: 'made by MKK' }));
  await check(archive({ ...LARGE, zip64: { entries: 1, bytes: 40 } }));
});

test('one figure alone that is too large for its place sends to the record', async () => {
  for (const [name, figure] of Object.entries(LARGE)) {
    await check(archive({ [name]: figure, zip64: { entries: 1, bytes: 40 } }));
    await assert.rejects(check(archive({ [name]: figure })), { reason: 'corrupt' });
  }
});

const refused: [what: string, bytes: Buffer, reason: string][] = [
  ['no byte at all', Buffer.alloc(0), 'not-a-zip'],
  ['a page', Buffer.from('<html>'.repeat(20)), 'not-a-zip'],
  ['a start alone', Buffer.from('PK'), 'truncated'],
  ['an end cut short', archive({}).subarray(0, -1), 'truncated'],
  ['bytes behind the end', Buffer.concat([archive({}), Buffer.from('x')]), 'corrupt'],
  ['no entry', archive({ entries: 0 }), 'unexpected-content'],
  ['two entries', archive({ entries: 2 }), 'unexpected-content'],
  ['a directory longer than the file', archive({ directoryBytes: 1_000 }), 'corrupt'],
  ['large figures without their record', archive(LARGE), 'corrupt'],
  [
    'two entries in the record for large figures',
    archive({ ...LARGE, zip64: { entries: 2, bytes: 40 } }),
    'unexpected-content',
  ],
  [
    'a directory of gigabytes in the record for large figures',
    archive({ ...LARGE, zip64: { entries: 1, bytes: 2 ** 40 } }),
    'corrupt',
  ],
];
for (const [what, bytes, reason] of refused) {
  test(`${what}: ${reason}`, async () => {
    await assert.rejects(check(bytes), { name: 'ArchiveError', reason });
  });
}

test('a directory larger than one entry needs is not loaded', async () => {
  const wide = Buffer.concat([Buffer.from('PK'), Buffer.alloc(20_000), archive({})]);
  wide.writeUInt32LE(17_000, wide.length - 10);
  await assert.rejects(check(wide), { reason: 'unexpected-content' });
});

/**
 * The end of a zip, read before anything else of it: whether it is a zip at all, whether it is there
 * to its end, and whether its directory is that of one small entry (APPNOTE 4.3.14 to 4.3.16).
 *
 * Whoever makes an archive decides how large its directory says to be, so it is bounded here, before
 * a reader loads it.
 */
import { ArchiveError, unexpectedContent } from './errors.ts';

/** The archive as it is stored; an error of its own passes through untouched. */
export interface RandomAccess {
  /** Bytes. */
  size: number;
  /** The `length` bytes from `offset`, or fewer where the archive ends. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** The directory of one entry with a name, extra fields and a comment of reasonable size. */
const DIRECTORY_MAX_BYTES = 16 * 1024;

const END_BYTES = 22;
const COMMENT_MAX_BYTES = 0xffff;
const LOCATOR_BYTES = 20;
const ZIP64_END_BYTES = 56;
const END_SIGNATURE = 0x06054b50;
const LOCATOR_SIGNATURE = 0x07064b50;
const ZIP64_END_SIGNATURE = 0x06064b50;
const ZIP_START = Buffer.from('PK');

interface DirectorySize {
  entryCount: number;
  bytes: number;
}

async function readBuffer(source: RandomAccess, offset: number, length: number): Promise<Buffer> {
  const bytes = await source.read(offset, length);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The end record that reaches the very end of the file. */
function findEnd(tail: Buffer): number {
  let isFollowed = false;
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) !== END_SIGNATURE) continue;
    const end = at + END_BYTES + tail.readUInt16LE(at + 20);
    if (end === tail.length) return at;
    if (end < tail.length) isFollowed = true;
  }
  throw isFollowed
    ? new ArchiveError('corrupt', 'something follows the end of the archive')
    : new ArchiveError('truncated', 'the archive ends before its directory does');
}

async function checkStart(source: RandomAccess): Promise<void> {
  const head = await readBuffer(source, 0, Math.min(source.size, 2));
  if (head.length === 0 || !ZIP_START.subarray(0, head.length).equals(head)) {
    throw new ArchiveError('not-a-zip', 'the file is not a zip');
  }
}

/** The real figures where the end record has no room for them; undefined without such a record. */
async function readZip64(
  source: RandomAccess,
  endOffset: number,
): Promise<DirectorySize | undefined> {
  if (endOffset < LOCATOR_BYTES) return undefined;
  const locator = await readBuffer(source, endOffset - LOCATOR_BYTES, LOCATOR_BYTES);
  if (locator.readUInt32LE(0) !== LOCATOR_SIGNATURE) return undefined;
  const offset = Number(locator.readBigUInt64LE(8));
  if (offset + ZIP64_END_BYTES > endOffset) return undefined;
  const record = await readBuffer(source, offset, ZIP64_END_BYTES);
  if (record.readUInt32LE(0) !== ZIP64_END_SIGNATURE) return undefined;
  return {
    entryCount: Number(record.readBigUInt64LE(32)),
    bytes: Number(record.readBigUInt64LE(40)),
  };
}

/**
 * Checks the archive's end and the size of its directory.
 * @throws ArchiveError not-a-zip, truncated, corrupt, or unexpected-content when it has not exactly
 *   one entry.
 */
export async function checkDirectory(source: RandomAccess): Promise<void> {
  await checkStart(source);
  const tailBytes = Math.min(source.size, END_BYTES + COMMENT_MAX_BYTES);
  const tail = await readBuffer(source, source.size - tailBytes, tailBytes);
  const at = findEnd(tail);
  const endOffset = source.size - tailBytes + at;
  let size: DirectorySize = {
    entryCount: tail.readUInt16LE(at + 10),
    bytes: tail.readUInt32LE(at + 12),
  };
  const isZip64 = size.entryCount === 0xffff || size.bytes === 0xffffffff;
  if (isZip64 || tail.readUInt32LE(at + 16) === 0xffffffff) {
    const real = await readZip64(source, endOffset);
    if (real === undefined) throw new ArchiveError('corrupt', 'the zip64 end does not hold');
    size = real;
  }
  if (size.entryCount !== 1) throw unexpectedContent('the archive has not exactly one file');
  if (size.bytes > endOffset) throw new ArchiveError('corrupt', 'the directory has no room');
  if (size.bytes > DIRECTORY_MAX_BYTES) throw unexpectedContent('the directory is too large');
}

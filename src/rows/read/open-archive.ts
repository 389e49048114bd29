/** A report's archive: one locked csv or json, decrypted and checked as it streams. */
import type * as Zip from '@zip.js/zip.js';
import type { FileEntry, Reader } from '@zip.js/zip.js';
import { ArchiveError, unexpectedContent } from './errors.ts';
import type { FileType, RowFile } from './write-rows.ts';
import { type PackedEntry, type Read, lockBytes, unpack } from './unpack.ts';
import { type RandomAccess, checkDirectory } from './zip-directory.ts';

export interface OpenArchive extends RowFile {
  /** The file's name without any folder; for people, never to be opened. */
  name: string;
  /** What the archive says the file unpacks to; no stream gives more. */
  unpackedBytes: number;
  /** Decrypts afresh at every call; ends only if the whole file was intact, else throws. */
  stream(isLent?: boolean): AsyncIterable<Uint8Array>;
  /** Ends the streams that are still open. */
  close(): Promise<void>;
}

const STRICT = {
  strictness: 'strict',
  checkSignature: true,
  checkOverlappingEntry: true,
  // A name is never a path here: `ownName` says which are refused.
  filenameValidation: 'tolerant',
  useWebWorkers: false,
} as const;

const STORED = 0;
const DEFLATED = 8;
/** The version of WinZip's AES that keeps the CRC-32 beside its code. */
const AE_1 = 1;
const NAME_MAX_CHARACTERS = 255;

/** Beyond this a file is not unpacked only to learn why its rows did not parse. */
const VERIFY_MAX_BYTES = 64 * 1024 * 1024;
const VERIFY_MAX_RATIO = 200;

/** With the first archive, or for one that is about to come: it would make each start longer. */
export async function loadZip(): Promise<typeof Zip> {
  const zip = await import('@zip.js/zip.js');
  zip.configure({ useWebWorkers: false });
  return zip;
}

/** Passwords and names are looked at here, so that all that zip.js has to object to is damage. */
function toArchiveError(error: unknown): ArchiveError {
  return error instanceof ArchiveError
    ? error
    : new ArchiveError('corrupt', 'the archive is damaged', error);
}

/** The archive as it is read; `check` keeps an error of the storage apart from the zip's own. */
function createZipSource(
  { Reader }: typeof Zip,
  source: RandomAccess,
): {
  reader: Reader<undefined>;
  read: Read;
  check: () => void;
} {
  let failure: { error: unknown } | undefined;
  async function read(offset: number, length: number): Promise<Uint8Array> {
    const available = Math.max(0, Math.min(length, source.size - offset));
    try {
      return await source.read(offset, available);
    } catch (error) {
      failure = { error };
      throw error;
    }
  }
  return {
    reader: Object.assign(new Reader(undefined), { size: source.size, readUint8Array: read }),
    read,
    check: () => {
      if (failure !== undefined) throw failure.error;
    },
  };
}

/** The entry's own name, without the folders that it may stand in. */
function ownName({ filename, rawFilename }: FileEntry): string {
  const name = filename.replace(/^.*[/\\:]/s, '');
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  const isPlain = /^[^\u0000-\u001f\u007f]+$/.test(filename);
  const isHidden = name === '' || name.startsWith('.');
  // In code page 437, which old names are read in, control characters turn into pictures.
  const hasControl = rawFilename.some((byte) => byte < 0x20);
  if (!isPlain || isHidden || hasControl || filename.length > NAME_MAX_CHARACTERS) {
    throw unexpectedContent('the file in the archive has a forbidden name');
  }
  return name;
}

/** The type that the name says, else the one that was asked for. */
function typeOf(name: string, asked: FileType | undefined): FileType {
  const extension = /\.(json|csv)$/i.exec(name)?.[1]?.toLowerCase();
  if (extension === 'json' || extension === 'csv') return extension;
  if (asked !== undefined) return asked;
  throw unexpectedContent('the file in the archive is neither csv nor json');
}

/** The lock that the directory names, and where its check byte is to be found (APPNOTE 4.4.4, bit 3). */
function lockOf(entry: FileEntry): PackedEntry['lock'] {
  const strength = entry.extraFieldAES?.strength;
  if (strength !== undefined) return { kind: 'aes', strength };
  const check =
    entry.bitFlag?.dataDescriptor === true
      ? Number(entry.rawLastModDate) >>> 8
      : (entry.crc32 ?? 0) >>> 24;
  return { kind: 'zip-crypto', check: check & 0xff };
}

/** Bytes of the entry that are data, once decrypted and not yet inflated. */
function payloadBytes(entry: FileEntry): number {
  const { before, behind } = lockBytes(lockOf(entry));
  return entry.compressedSize - before - behind;
}

function checkEntry(entry: FileEntry, fileMaxBytes: number): void {
  if (entry.symlink) throw unexpectedContent('the archive holds a link');
  if (!entry.encrypted) throw unexpectedContent('the file in the archive is not locked');
  if (entry.uncompressedSize > fileMaxBytes) {
    throw new ArchiveError('too-large', 'the file unpacks to more than is allowed');
  }
  const method = entry.compressionMethod;
  if (method !== STORED && method !== DEFLATED) {
    throw unexpectedContent('the compression method is not one that is read');
  }
  const payload = payloadBytes(entry);
  if (payload < 0 || (method === STORED && payload !== entry.uncompressedSize)) {
    throw new ArchiveError('corrupt', 'the sizes of the entry contradict each other');
  }
}

async function readEntry({ ZipReader }: typeof Zip, reader: Reader<undefined>): Promise<FileEntry> {
  // There is one, as its directory says: zip.js refuses what else stands there.
  const [entry] = await new ZipReader(reader, STRICT).getEntries();
  if (entry === undefined || entry.directory) {
    throw unexpectedContent('the archive has not exactly one file');
  }
  return entry;
}

/**
 * Has zip.js compare both headers, what stands behind the data, and the ranges of the archive, and
 * says then where the data lie.
 * @throws what zip.js throws.
 */
async function locate(
  entry: FileEntry,
  password: string,
  signal: AbortSignal,
): Promise<PackedEntry> {
  const options = { ...STRICT, password, signal, checkOverlappingEntryOnly: true };
  await entry.getData(new WritableStream(), options);
  const offset = entry.localDirectory?.dataOffset;
  if (offset === undefined) throw new ArchiveError('corrupt', 'the entry has no header');
  const isByCode = entry.extraFieldAES !== undefined && entry.extraFieldAES.vendorVersion !== AE_1;
  return {
    offset,
    packedBytes: entry.compressedSize,
    unpackedBytes: entry.uncompressedSize,
    isDeflated: entry.compressionMethod === DEFLATED,
    lock: lockOf(entry),
    crc: isByCode ? undefined : entry.crc32,
  };
}

/**
 * Opens an archive that has to hold one csv or json, locked with the password by WinZip AES or
 * ZipCrypto, stored or deflated (MKS 5.1.2, zipPassword). An entry that is not locked is unexpected
 * content: a lock was asked for, so it is not what was asked for.
 *
 * The password is checked when the file is streamed.
 *
 * @param limits `fileMaxBytes`: the most that the file may unpack to; `fileType`: the one that was asked
 *   for, which decides where the name says neither .json nor .csv.
 * @throws ArchiveError; what the source itself throws passes through.
 */
export async function openArchive(
  source: RandomAccess,
  password: string,
  limits: { fileMaxBytes: number; fileType?: FileType },
): Promise<OpenArchive> {
  await checkDirectory(source);
  const zip = await loadZip();
  const { reader, read, check } = createZipSource(zip, source);
  const closing = new AbortController();

  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      check();
      throw toArchiveError(error);
    }
  }

  const entry = await guarded(() => readEntry(zip, reader));
  const name = ownName(entry);
  const type = typeOf(name, limits.fileType);
  checkEntry(entry, limits.fileMaxBytes);

  async function* stream(isLent = false): AsyncGenerator<Uint8Array, void> {
    try {
      const { signal } = closing;
      const packed = await locate(entry, password, signal);
      for await (const piece of unpack(packed, password, read, isLent)) {
        yield piece;
        signal.throwIfAborted();
      }
    } catch (error) {
      check();
      closing.signal.throwIfAborted();
      throw toArchiveError(error);
    }
  }

  return {
    name,
    type,
    unpackedBytes: entry.uncompressedSize,
    stream,
    async verify() {
      const { compressedSize, uncompressedSize } = entry;
      const isBomb =
        uncompressedSize > Math.max(VERIFY_MAX_BYTES, VERIFY_MAX_RATIO * compressedSize);
      if (isBomb) return;
      for await (const chunk of stream(true)) void chunk;
    },
    async close() {
      closing.abort();
    },
  };
}

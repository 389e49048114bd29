/**
 * The bytes of an archive's one entry: unlocked, inflated and checked as they stream.
 *
 * zip.js reads the directory and both headers; the data go through node:crypto and node:zlib, which
 * are written in C and inflate on threads of their own. What is checked here is all that zip.js
 * checks when it reads an entry: the password, the end of the deflate stream, size, CRC-32, and the code of AES.
 */
import { pipeline, Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { release } from '../../lib/release.ts';
import { ArchiveError } from './errors.ts';
import type { Lock } from './lock.ts';
import { AES_CODE_BYTES, aesHeaderBytes, createZipAes } from './zip-aes.ts';
import { createZipCrypto, ZIP_CRYPTO_HEADER_BYTES } from './zip-crypto.ts';

/** An entry as its archive's headers, which agree with each other, describe it. */
export interface PackedEntry {
  /** Where the data lie in the archive, the lock's own bytes included. */
  offset: number;
  packedBytes: number;
  unpackedBytes: number;
  isDeflated: boolean;
  lock: ZipCryptoLock | AesLock;
  /** Of the unpacked bytes; undefined where the lock's code stands in for it (AE-2). */
  crc: number | undefined;
}
export interface ZipCryptoLock {
  kind: 'zip-crypto';
  /** What the last byte of its header has to unlock to. */
  check: number;
}
export interface AesLock {
  kind: 'aes';
  /** 1, 2 or 3: AES-128, AES-192, AES-256. */
  strength: number;
}

/** Gives the `length` bytes from `offset`. */
export type Read = (offset: number, length: number) => Promise<Uint8Array>;

/** What is read and unlocked at a time. */
const PACKED_PIECE_BYTES = 256 * 1024;
/** What is inflated at a time: the default of 16 KiB takes more turns than work. */
const INFLATED_PIECE_BYTES = 256 * 1024;

/** Bytes of the lock itself before the data, and behind them. */
export function lockBytes(lock: PackedEntry['lock']): { before: number; behind: number } {
  return lock.kind === 'zip-crypto'
    ? { before: ZIP_CRYPTO_HEADER_BYTES, behind: 0 }
    : { before: aesHeaderBytes(lock.strength), behind: AES_CODE_BYTES };
}

/**
 * Nothing that was given may be used until the last piece was: damage may show only at the end.
 * @param isLent whether a piece is done with when the next one is asked for: its memory goes then.
 * @throws ArchiveError, zlib's own errors, and what `read` throws.
 */
export async function* unpack(
  entry: PackedEntry,
  password: string,
  read: Read,
  isLent = false,
): AsyncGenerator<Uint8Array, void> {
  let crc = 0;
  let bytes = 0;
  const lock = await openLock(entry, password, read);
  const unlocked = unlockedPieces(entry, lock, read);
  for await (const piece of entry.isDeflated ? inflatedPieces(entry, unlocked) : unlocked) {
    bytes += piece.length;
    if (bytes > entry.unpackedBytes) break;
    crc = crc32(piece, crc);
    yield piece;
    // The inflater goes on in the same memory until it is full.
    const { buffer, byteOffset, length } = piece;
    if (isLent && byteOffset + length === buffer.byteLength) release(piece);
  }
  if (bytes !== entry.unpackedBytes) {
    throw new ArchiveError('corrupt', 'the file unpacks to another size than it says');
  }
  const { behind } = lockBytes(entry.lock);
  lock.end(await readExactly(read, entry.offset + entry.packedBytes - behind, behind));
  if (entry.crc !== undefined && crc !== entry.crc) {
    throw new ArchiveError('corrupt', 'the checksum does not hold');
  }
}

async function openLock(entry: PackedEntry, password: string, read: Read): Promise<Lock> {
  const { lock, offset } = entry;
  const header = await readExactly(read, offset, lockBytes(lock).before);
  return lock.kind === 'zip-crypto'
    ? createZipCrypto(password, header, lock.check)
    : createZipAes(password, header, lock.strength);
}

async function* unlockedPieces(
  entry: PackedEntry,
  lock: Lock,
  read: Read,
): AsyncGenerator<Uint8Array, void> {
  const { before, behind } = lockBytes(entry.lock);
  const end = entry.offset + entry.packedBytes - behind;
  for (let at = entry.offset + before; at < end; at += PACKED_PIECE_BYTES) {
    yield lock.open(await readExactly(read, at, Math.min(PACKED_PIECE_BYTES, end - at)));
  }
}

async function readExactly(read: Read, offset: number, length: number): Promise<Uint8Array> {
  const bytes = await read(offset, length);
  if (bytes.length !== length) throw new ArchiveError('corrupt', 'the data end too early');
  return bytes;
}

/** @throws ArchiveError when the deflate stream ends before its bytes do. */
async function* inflatedPieces(
  entry: PackedEntry,
  deflated: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  const inflater = createInflateRaw({ chunkSize: INFLATED_PIECE_BYTES });
  // What fails before the inflater is the stream's own failure to whoever reads it.
  yield* pipeline(Readable.from(deflated), inflater, () => undefined);
  const { before, behind } = lockBytes(entry.lock);
  if (inflater.bytesWritten !== entry.packedBytes - before - behind) {
    throw new ArchiveError('corrupt', 'something follows the end of the data');
  }
}

/**
 * Room on the disk for what does not fit into memory, which nobody else can read.
 *
 * A scratch file loses its name as soon as it is open, so nothing of it outlives the process; its key is never
 * written down, and each piece is AES-256-GCM with a nonce of its own. It is plain data, and goes from one thread
 * to another as it is; one of them writes.
 */
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  type KeyObject,
  randomBytes,
} from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  read as readFrom,
  readSync,
  unlinkSync,
  write as writeTo,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { release } from '../lib/release.ts';
import { writeFault } from '../reports/errors.ts';

const writeLater = promisify(writeTo);
const readLater = promisify(readFrom);
const TAG_BYTES = 16;

export interface Scratch {
  descriptor: number;
  /** 32 bytes. */
  key: Uint8Array;
}

/** Where a piece lies; its offset, which no other piece has, makes its nonce. */
export interface Piece {
  offset: number;
  /** Bytes without the tag. */
  length: number;
}

/** @param folder made with mode 0700 when it is missing. @throws StorageFullError. */
export function openScratch(folder: string): Scratch {
  return orFull(() => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `${randomBytes(16).toString('hex')}.scratch`);
    const descriptor = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
    return { descriptor, key: new Uint8Array(randomBytes(32)) };
  });
}

export function closeScratch({ descriptor }: Scratch): void {
  closeSync(descriptor);
}

/** Appends one piece after the other. It waits for the disk. @throws StorageFullError. */
export type ScratchWriter = (plain: Uint8Array) => Piece;

export function createScratchWriter({ descriptor, key }: Scratch): ScratchWriter {
  let end = fstatSync(descriptor).size;
  const secret = secretOf(key);
  let sealed = Buffer.alloc(0);
  return (plain) => {
    const length = plain.length + TAG_BYTES;
    if (sealed.length < length) sealed = Buffer.allocUnsafeSlow(length);
    sealInto(sealed, secret, end, plain);
    const piece = { offset: end, length: plain.length };
    for (let at = 0; at < length;) {
      at += orFull(() => writeSync(descriptor, sealed, at, length - at, end + at));
    }
    end += length;
    return piece;
  };
}

/**
 * As `ScratchWriter`, for who must not wait for the disk: one piece at a time. The plain bytes are done with
 * as soon as it has been called.
 * @throws StorageFullError.
 */
export type PatientScratchWriter = (plain: Uint8Array) => Promise<Piece>;

export function createPatientScratchWriter({ descriptor, key }: Scratch): PatientScratchWriter {
  let end = fstatSync(descriptor).size;
  const secret = secretOf(key);
  let sealed = Buffer.alloc(0);
  return async (plain) => {
    const length = plain.length + TAG_BYTES;
    if (sealed.length < length) sealed = Buffer.allocUnsafeSlow(length);
    sealInto(sealed, secret, end, plain);
    const piece = { offset: end, length: plain.length };
    for (let at = 0; at < length;) {
      const written = await writeLater(descriptor, sealed, at, length - at, end + at).catch(
        (error: unknown) => {
          throw writeFault(error);
        },
      );
      at += written.bytesWritten;
    }
    end += length;
    return piece;
  };
}

function sealInto(target: Buffer, key: KeyObject, offset: number, plain: Uint8Array): void {
  const cipher = createCipheriv('aes-256-gcm', key, nonce(offset));
  const body = cipher.update(plain);
  body.copy(target);
  release(body);
  cipher.final();
  cipher.getAuthTag().copy(target, plain.length);
}

/** Copies a piece to a place in the target. @throws when the piece is not what was written. */
export type ScratchReader = (piece: Piece, target: Buffer, at: number) => void;

/** Reads one piece after the other into memory of its own, and leaves none behind. */
export function createScratchReader({ descriptor, key }: Scratch): ScratchReader {
  let sealed = Buffer.alloc(0);
  return (piece, target, at) => {
    const length = piece.length + TAG_BYTES;
    if (sealed.length < length) sealed = Buffer.allocUnsafeSlow(length);
    const own = sealed.subarray(0, length);
    readAll(descriptor, own, piece.offset);
    const plain = unseal(key, piece.offset, own);
    plain.copy(target, at);
    release(plain);
  };
}

/** @throws when the piece is not what was written. */
export function readPiece({ descriptor, key }: Scratch, { offset, length }: Piece): Buffer {
  const sealed = Buffer.allocUnsafeSlow(length + TAG_BYTES);
  readAll(descriptor, sealed, offset);
  const plain = unseal(key, offset, sealed);
  release(sealed);
  return plain;
}

function readAll(descriptor: number, into: Buffer, offset: number): void {
  for (let at = 0; at < into.length;) {
    at += someBytes(readSync(descriptor, into, at, into.length - at, offset + at));
  }
}

export function* readPieces(scratch: Scratch, pieces: readonly Piece[]): Generator<Buffer> {
  for (const piece of pieces) yield readPiece(scratch, piece);
}

/**
 * As `readPieces`, for who must not wait for the disk. The event loop turns between two pieces: who takes them as fast
 * as they come would else be all that it does.
 */
export async function* readPiecesPatiently(
  { descriptor, key }: Scratch,
  pieces: readonly Piece[],
): AsyncGenerator<Buffer> {
  let room = Buffer.alloc(0);
  for (const piece of pieces) {
    const length = piece.length + TAG_BYTES;
    if (room.length < length) room = Buffer.allocUnsafeSlow(length);
    for (let at = 0; at < length;) {
      const read = await readLater(descriptor, room, at, length - at, piece.offset + at);
      at += someBytes(read.bytesRead);
    }
    yield unseal(key, piece.offset, room.subarray(0, length));
  }
}

function someBytes(read: number): number {
  if (read === 0) throw new Error('a scratch file is shorter than it was');
  return read;
}

function unseal(key: Uint8Array, offset: number, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', secretOf(key), nonce(offset));
  const length = sealed.length - TAG_BYTES;
  decipher.setAuthTag(sealed.subarray(length));
  const plain = decipher.update(sealed.subarray(0, length));
  decipher.final();
  return plain;
}

const secrets = new WeakMap<Uint8Array, KeyObject>();

/** Made once: Node takes bytes for a key by trying whether they are one of its own, which costs more than a piece. */
function secretOf(key: Uint8Array): KeyObject {
  const known = secrets.get(key);
  if (known !== undefined) return known;
  const secret = createSecretKey(key);
  secrets.set(key, secret);
  return secret;
}

function nonce(offset: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeBigUInt64BE(BigInt(offset), 4);
  return bytes;
}

function orFull<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw writeFault(error);
  }
}

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
  readSync,
  unlinkSync,
  write as writeTo,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeFault } from '../reports/errors.ts';

const writeLater = promisify(writeTo);
const TAG_BYTES = 16;
const PIECE_CHARACTERS = 64 * 1024;

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
  return (plain) => {
    const sealed = seal(secret, end, plain);
    const piece = { offset: end, length: plain.length };
    for (let at = 0; at < sealed.length;) {
      at += orFull(() => writeSync(descriptor, sealed, at, sealed.length - at, end + at));
    }
    end += sealed.length;
    return piece;
  };
}

/** As `ScratchWriter`, for who must not wait for the disk: one piece at a time. @throws StorageFullError. */
export type PatientScratchWriter = (plain: Uint8Array) => Promise<Piece>;

export function createPatientScratchWriter({ descriptor, key }: Scratch): PatientScratchWriter {
  let end = fstatSync(descriptor).size;
  const secret = secretOf(key);
  return async (plain) => {
    const sealed = seal(secret, end, plain);
    const piece = { offset: end, length: plain.length };
    for (let at = 0; at < sealed.length;) {
      const length = sealed.length - at;
      const written = await writeLater(descriptor, sealed, at, length, end + at).catch(
        (error: unknown) => {
          throw writeFault(error);
        },
      );
      at += written.bytesWritten;
    }
    end += sealed.length;
    return piece;
  };
}

function seal(key: KeyObject, offset: number, plain: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonce(offset));
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** @param lines `latin1` text, each with its line feed. @returns pieces of whole lines. */
export function writePieces(write: ScratchWriter, lines: Iterable<string>): Piece[] {
  const pieces: Piece[] = [];
  let piece = '';
  for (const line of lines) {
    piece += line;
    if (piece.length < PIECE_CHARACTERS) continue;
    pieces.push(write(Buffer.from(piece, 'latin1')));
    piece = '';
  }
  if (piece !== '') pieces.push(write(Buffer.from(piece, 'latin1')));
  return pieces;
}

/** @throws when the piece is not what was written. */
export function readPiece({ descriptor, key }: Scratch, { offset, length }: Piece): Buffer {
  const sealed = Buffer.allocUnsafe(length + TAG_BYTES);
  for (let at = 0; at < sealed.length;) {
    const read = readSync(descriptor, sealed, at, sealed.length - at, offset + at);
    if (read === 0) throw new Error('a scratch file is shorter than it was');
    at += read;
  }
  const decipher = createDecipheriv('aes-256-gcm', secretOf(key), nonce(offset));
  decipher.setAuthTag(sealed.subarray(length));
  const plain = decipher.update(sealed.subarray(0, length));
  decipher.final();
  return plain;
}

export function* readPieces(scratch: Scratch, pieces: readonly Piece[]): Generator<Buffer> {
  for (const piece of pieces) yield readPiece(scratch, piece);
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

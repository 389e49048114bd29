/**
 * A sealed file: AES-256-GCM in bounded frames, each authenticated before it is given out.
 *
 * Layout: `MKSF`, version 1, 16 bytes of salt; then frames of: 4 bytes length of the ciphertext
 * (highest bit set on the last frame), ciphertext, 16 bytes tag. Nonce = frame index; additional
 * data = context, index, last-frame flag. Each file has a key of its own, derived with its salt,
 * so a nonce never comes twice under a key even when a report is fetched and sealed again.
 * A file without its last frame, or with anything behind it, is damaged.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { release } from '../../lib/release.ts';
import { ReportGoneError, SpoolDamagedError, writeFault } from '../errors.ts';

const MAGIC = Buffer.from('MKSF\u0001', 'latin1');
const SALT_BYTES = 16;
const HEADER_BYTES = MAGIC.length + SALT_BYTES;
const LENGTH_BYTES = 4;
const TAG_BYTES = 16;
const OVERHEAD_BYTES = LENGTH_BYTES + TAG_BYTES;
const LAST_FLAG = 0x8000_0000;

/** The most that a frame may hold; a length beyond it is damage, not a reason to allocate. */
const MAX_FRAME_BYTES = 16 * 1024 * 1024;

/** Plain bytes of each frame but the last of a file that is read at random. */
export const RANDOM_FRAME_BYTES = 1024 * 1024;

/** What it takes to open a sealed file, or to make it. */
export interface SealedFile {
  path: string;
  /** 32 bytes, the report's. */
  key: Buffer;
  /** What the file is, e.g. `<report id>|rows`: a frame opens in no other file. */
  context: string;
}

export interface FrameWriter {
  /** Seals `plain` as one frame; its memory is let go of, as `release` does. @throws StorageFullError. */
  write(plain: Uint8Array): Promise<void>;
  /** Seals the last frame and has the file on the disk. @throws StorageFullError. */
  finish(): Promise<void>;
  /** Lets go of the file without an end: what was written stays unreadable. */
  abandon(): Promise<void>;
}

/** Begins a file, which `SealedFile` says more about. @throws StorageFullError. */
export async function createFrameWriter(
  path: string,
  key: Buffer,
  context: string,
): Promise<FrameWriter> {
  const salt = randomBytes(SALT_BYTES);
  const fileKey = deriveKey(key, salt, context);
  const file = await noRoom(open(path, 'wx', 0o600));
  let index = 0;
  let held: Uint8Array | undefined;
  try {
    await noRoom(file.write(Buffer.concat([MAGIC, salt])));
  } catch (error) {
    await file.close();
    throw error;
  }

  async function seal(plain: Uint8Array, isLast: boolean): Promise<void> {
    const cipher = createCipheriv('aes-256-gcm', fileKey, nonce(index));
    cipher.setAAD(additionalData(context, index, isLast));
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE((plain.length | (isLast ? LAST_FLAG : 0)) >>> 0);
    const sealed = cipher.update(plain);
    release(plain);
    const body = [length, sealed, cipher.final(), cipher.getAuthTag()];
    await noRoom(file.writev(body.filter((part) => part.length > 0)));
    release(sealed);
    index += 1;
  }
  return {
    // One frame is held back, because only the next call tells whether it is the last.
    async write(plain) {
      if (held !== undefined) await seal(held, false);
      held = plain;
    },
    async finish() {
      try {
        await seal(held ?? new Uint8Array(), true);
        await noRoom(file.sync());
      } finally {
        await file.close();
      }
    },
    abandon: () => file.close().catch(() => undefined),
  };
}

/**
 * The frames of a sealed file in order, opened.
 * @throws SpoolDamagedError before a byte of a damaged frame is given; ENOENT as it comes.
 */
export async function* readFrames(
  path: string,
  key: Buffer,
  context: string,
): AsyncGenerator<Buffer> {
  const file = await open(path, 'r');
  try {
    const fileKey = await readFileKey(file, key, context);
    let offset = HEADER_BYTES;
    for (let index = 0; ; index += 1) {
      const frame = await readFrame(file, fileKey, context, index, offset);
      yield frame.plain;
      offset += OVERHEAD_BYTES + frame.plain.length;
      if (!frame.isLast) continue;
      if ((await file.stat()).size !== offset) throw new SpoolDamagedError('bytes behind the end');
      return;
    }
  } finally {
    await file.close();
  }
}

/**
 * The frames of a file that was found to be here: it goes when its report expires, whoever has just looked.
 * @throws SpoolDamagedError as readFrames; ReportGoneError when the file is gone.
 */
export async function* readKeptFrames(file: SealedFile): AsyncGenerator<Buffer> {
  try {
    yield* readFrames(file.path, file.key, file.context);
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw isGone ? new ReportGoneError(error) : error;
  }
}

export interface RandomReader {
  /** Plain bytes. */
  size: number;
  read(offset: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Opens a sealed file whose frames, but for the last, hold RANDOM_FRAME_BYTES each. */
export async function openRandomReader(
  path: string,
  key: Buffer,
  context: string,
): Promise<RandomReader> {
  const file = await open(path, 'r');
  try {
    const fileKey = await readFileKey(file, key, context);
    const body = (await file.stat()).size - HEADER_BYTES;
    const frames = Math.ceil(body / (RANDOM_FRAME_BYTES + OVERHEAD_BYTES));
    const size = body - frames * OVERHEAD_BYTES;
    if (size < 0) throw new SpoolDamagedError('shorter than its frames');
    let cached: { index: number; plain: Buffer } = { index: -1, plain: Buffer.alloc(0) };

    async function frame(index: number): Promise<Buffer> {
      if (cached.index === index) return cached.plain;
      const offset = HEADER_BYTES + index * (RANDOM_FRAME_BYTES + OVERHEAD_BYTES);
      const found = await readFrame(file, fileKey, context, index, offset);
      if (found.isLast !== (index === frames - 1)) throw new SpoolDamagedError('cut or joined');
      cached = { index, plain: found.plain };
      return found.plain;
    }
    return {
      size,
      async read(offset, length) {
        const end = Math.min(offset + length, size);
        const parts: Buffer[] = [];
        for (let at = offset; at < end;) {
          const index = Math.floor(at / RANDOM_FRAME_BYTES);
          const start = at - index * RANDOM_FRAME_BYTES;
          const part = (await frame(index)).subarray(start, start + end - at);
          if (part.length === 0) throw new SpoolDamagedError('a frame is short');
          parts.push(part);
          at += part.length;
        }
        return Buffer.concat(parts);
      },
      close: () => file.close(),
    };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function readFileKey(file: FileHandle, key: Buffer, context: string): Promise<Buffer> {
  const header = await readExactly(file, 0, HEADER_BYTES);
  if (!header.subarray(0, MAGIC.length).equals(MAGIC)) throw new SpoolDamagedError('not ours');
  return deriveKey(key, header.subarray(MAGIC.length), context);
}

async function readFrame(
  file: FileHandle,
  fileKey: Buffer,
  context: string,
  index: number,
  offset: number,
): Promise<{ plain: Buffer; isLast: boolean }> {
  const word = (await readExactly(file, offset, LENGTH_BYTES)).readUInt32BE();
  const isLast = word >= LAST_FLAG;
  const length = isLast ? word - LAST_FLAG : word;
  if (length > MAX_FRAME_BYTES) throw new SpoolDamagedError('a frame is too long');
  const sealed = await readExactly(file, offset + LENGTH_BYTES, length + TAG_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', fileKey, nonce(index));
  decipher.setAAD(additionalData(context, index, isLast));
  decipher.setAuthTag(sealed.subarray(length));
  try {
    const plain = decipher.update(sealed.subarray(0, length));
    decipher.final();
    release(sealed);
    return { plain, isLast };
  } catch (error) {
    throw new SpoolDamagedError('a frame does not open', error);
  }
}

async function readExactly(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(buffer, filled, length - filled, offset + filled);
    if (bytesRead === 0) throw new SpoolDamagedError('ends too early');
    filled += bytesRead;
  }
  return buffer;
}

function deriveKey(key: Buffer, salt: Buffer, context: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, salt, `mks-gateway spool ${context}`, 32));
}

function nonce(index: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeBigUInt64BE(BigInt(index), 4);
  return bytes;
}

function additionalData(context: string, index: number, isLast: boolean): Buffer {
  return Buffer.from(`${context}|${index}|${isLast ? 'last' : 'more'}`);
}

async function noRoom<T>(operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    throw writeFault(error);
  }
}

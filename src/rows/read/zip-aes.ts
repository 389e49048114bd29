/**
 * The AES lock of a zip (WinZip AE-1 and AE-2, APPNOTE 7.2 and its appendix): AES in counter mode,
 * authenticated by HMAC-SHA1, with keys by PBKDF2. All three are node:crypto's; only the counter is
 * made here, for WinZip counts from the first byte on and OpenSSL from the last.
 */
import { createCipheriv, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { viewOf } from '../../lib/words.ts';
import { ArchiveError } from './errors.ts';
import type { Lock } from './lock.ts';

/** By strength, 1 to 3: AES-128, AES-192, AES-256. */
const SALT_BYTES = [0, 8, 12, 16];
const KEY_BYTES = [0, 16, 24, 32];
const CHECK_BYTES = 2;
const ITERATIONS = 1000;

/** The code behind the data: as much of the HMAC as WinZip keeps. */
export const AES_CODE_BYTES = 10;

const BLOCK_BYTES = 16;
/** Blocks of key stream that are made at a time. */
const STREAM_BLOCKS = 4096;
const STREAM_BYTES = STREAM_BLOCKS * BLOCK_BYTES;

const derive = promisify(pbkdf2);

/** The bytes before the data: the salt, and two that check the password. */
export function aesHeaderBytes(strength: number): number {
  return (SALT_BYTES[strength] ?? 0) + CHECK_BYTES;
}

/**
 * @param header the first `aesHeaderBytes(strength)` of the entry.
 * @throws ArchiveError wrong-password when its check does not hold: one wrong password in 65,536 gets
 *   past it, and fails at the end.
 */
export async function createZipAes(
  password: string,
  header: Uint8Array,
  strength: number,
): Promise<Lock> {
  const saltBytes = SALT_BYTES[strength] ?? 0;
  const keyBytes = KEY_BYTES[strength] ?? 0;
  const salt = header.subarray(0, saltBytes);
  const keys = await derive(password, salt, ITERATIONS, 2 * keyBytes + CHECK_BYTES, 'sha1');
  if (!timingSafeEqual(keys.subarray(2 * keyBytes), header.subarray(saltBytes))) {
    throw new ArchiveError('wrong-password', 'the password is refused');
  }
  const hmac = createHmac('sha1', keys.subarray(keyBytes, 2 * keyBytes));
  const nextKeyStream = createKeyStream(keys.subarray(0, keyBytes));
  let stream = nextKeyStream();
  let used = 0;
  return {
    open(locked) {
      hmac.update(locked);
      const plain = Buffer.allocUnsafeSlow(locked.length);
      const [source, target] = [viewOf(locked), viewOf(plain)];
      for (let at = 0; at < locked.length;) {
        if (used === STREAM_BYTES) [stream, used] = [nextKeyStream(), 0];
        const length = Math.min(locked.length - at, STREAM_BYTES - used);
        combine(source, target, at, length, stream, used);
        at += length;
        used += length;
      }
      return plain;
    },
    end(code) {
      const digest = hmac.digest().subarray(0, AES_CODE_BYTES);
      if (code.length !== AES_CODE_BYTES || !timingSafeEqual(digest, code)) {
        throw new ArchiveError('corrupt', 'the authentication code does not hold');
      }
    },
  };
}

/** Combines `length` bytes of the source from `at` on with those of the stream from `used` on. */
function combine(
  source: DataView,
  target: DataView,
  at: number,
  length: number,
  stream: DataView,
  used: number,
): void {
  let done = 0;
  for (; done + 4 <= length; done += 4) {
    target.setInt32(at + done, source.getInt32(at + done) ^ stream.getInt32(used + done));
  }
  for (; done < length; done++) {
    target.setUint8(at + done, source.getUint8(at + done) ^ stream.getUint8(used + done));
  }
}

/** @returns a function that gives the next STREAM_BYTES of what the data are combined with. */
function createKeyStream(key: Buffer): () => DataView {
  const cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false);
  const counters = Buffer.alloc(STREAM_BYTES);
  const view = viewOf(counters);
  let counter = 0;
  return () => {
    for (let at = 0; at < STREAM_BYTES; at += BLOCK_BYTES) {
      counter++;
      // 53 bits count more bytes than any disk holds.
      view.setUint32(at, counter, true);
      view.setUint32(at + 4, counter / 2 ** 32, true);
    }
    return viewOf(cipher.update(counters));
  };
}

/**
 * The classic lock of a zip ("traditional PKWARE encryption", APPNOTE 6.1): three keys that every
 * byte moves on. No library of Node has it; it protects from nobody, and only has to be read.
 *
 * It is one half of an archive's check: what it gives may be garbage until the checksum has been met.
 */
import { ArchiveError } from './errors.ts';
import type { Lock } from './lock.ts';

/** Random bytes before the data, of which the last one checks the password. */
export const ZIP_CRYPTO_HEADER_BYTES = 12;

const CRC_POLYNOMIAL = 0xedb88320;
const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? CRC_POLYNOMIAL : 0);
  return value;
});

/**
 * @param header the first ZIP_CRYPTO_HEADER_BYTES of the entry.
 * @param check what the header's last byte has to unlock to (APPNOTE 6.1.6, 4.4.4 bit 3).
 * @throws ArchiveError wrong-password when it does not: one wrong password in 256 gets past this.
 */
export function createZipCrypto(password: string, header: Uint8Array, check: number): Lock {
  // 32 bits each, signed as JavaScript's operators give them.
  let key0 = 0x12345678;
  let key1 = 0x23456789;
  let key2 = 0x34567890;

  /** Unlocks `locked` into `plain`; without `locked`, moves the keys on by what is plain. */
  function run(locked: Uint8Array | undefined, plain: Uint8Array): void {
    let [first, second, third] = [key0, key1, key2];
    const length = plain.length;
    for (let at = 0; at < length; at++) {
      if (locked !== undefined) {
        const mask = third | 2;
        plain[at] = (locked[at] as number) ^ (Math.imul(mask, mask ^ 1) >>> 8);
      }
      const byte = plain[at] as number;
      first = (first >>> 8) ^ (CRC_TABLE[(first ^ byte) & 0xff] as number);
      second = (Math.imul(second + (first & 0xff), 134775813) + 1) | 0;
      third = (third >>> 8) ^ (CRC_TABLE[(third ^ (second >>> 24)) & 0xff] as number);
    }
    [key0, key1, key2] = [first, second, third];
  }

  function open(locked: Uint8Array): Buffer<ArrayBuffer> {
    const plain = Buffer.allocUnsafeSlow(locked.length);
    run(locked, plain);
    return plain;
  }

  run(undefined, Buffer.from(password, 'latin1'));
  if (open(header).at(-1) !== check) {
    throw new ArchiveError('wrong-password', 'the password is refused');
  }
  return { open, end() {} };
}

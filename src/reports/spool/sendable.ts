/** A sealed file on its way to another thread, and as it arrives there. */
import type { SealedFile } from './frames.ts';

/** Keys lie in memory that they share with other secrets: a copy goes alone. */
export function sendable({ key, ...file }: SealedFile): SealedFile {
  return { ...file, key: new Uint8Array(key) as Buffer };
}

/** A Buffer arrives as plain bytes. */
export function asSent(file: SealedFile): SealedFile {
  return { ...file, key: Buffer.from(file.key) };
}

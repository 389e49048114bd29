/** Sealed files on their way to another thread and as they arrive there. */
import type { SealedFile } from '../reports/spool/frames.ts';

/** Keys lie in memory that they share with other secrets: a copy goes alone. */
export function sendable(files: readonly SealedFile[]): SealedFile[] {
  return files.map(({ key, ...file }) => ({ ...file, key: new Uint8Array(key) as Buffer }));
}

/** A Buffer arrives as plain bytes. */
export function asSent(files: readonly SealedFile[]): SealedFile[] {
  return files.map((file) => ({ ...file, key: Buffer.from(file.key) }));
}

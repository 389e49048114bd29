/** Rows of one file on their way to the disk: digested, compressed and sealed. */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { release } from '../../lib/release.ts';
import { createFrameWriter, type SealedFile } from './frames.ts';
import { createDeflater } from './zstd.ts';

export interface RowWriter {
  /**
   * One piece of whole NDJSON lines, which belongs to the writer from here on with all the memory that it
   * lies in. It is compressed and written while the caller makes the next one; what went wrong with it is
   * thrown at the next call.
   */
  write(lines: Uint8Array<ArrayBuffer>): Promise<void>;
  /** @returns SHA-256 of all lines, hex. */
  finish(): Promise<string>;
  /** Lets go of the file without an end: what was written stays unreadable. */
  abandon(): Promise<void>;
}

/** Begins the file, or begins it anew. @throws StorageFullError. */
export async function createRowWriter({ path, key, context }: SealedFile): Promise<RowWriter> {
  await rm(path, { force: true });
  const writer = await createFrameWriter(path, key, context);
  const deflater = createDeflater();
  const digest = createHash('sha256');
  let underWay = Promise.resolve();

  async function take(lines: Uint8Array): Promise<void> {
    const deflated = await deflater.deflate(lines);
    release(lines);
    await writer.write(deflated);
  }
  return {
    async write(lines) {
      await underWay;
      underWay = take(lines);
      // Whoever comes next is told.
      underWay.catch(() => undefined);
      digest.update(lines);
    },
    async finish() {
      await underWay;
      await writer.write(await deflater.end());
      await writer.finish();
      return digest.digest('hex');
    },
    async abandon() {
      await underWay.catch(() => undefined);
      await writer.abandon();
    },
  };
}

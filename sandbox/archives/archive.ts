/** Writes the encrypted zip archives in which reports travel (MKS 6.2.6). */
import { createWriteStream } from 'node:fs';
import { Writable } from 'node:stream';
import { ZipWriter, type ZipWriterAddDataOptions } from '@zip.js/zip.js';
import type { Shape } from '../shape.ts';

/** One file inside an archive; the content is taken once, while it is written. */
export interface ArchiveEntry {
  name: string;
  content: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

const AES_STRENGTHS = { 'aes-128': 1, 'aes-192': 2, 'aes-256': 3 } as const;

/**
 * Writes an archive to a new file that only its owner may read, in constant memory unless sizes
 * have to stand before the data.
 * @throws the signal's reason once it is aborted; Error when the file cannot be written.
 */
export async function writeArchive(
  file: string,
  entries: Iterable<ArchiveEntry>,
  password: string,
  shape: Shape,
  signal: AbortSignal,
): Promise<void> {
  const sink = Writable.toWeb(createWriteStream(file, { mode: 0o600 }));
  const zip = new ZipWriter(sink, { useWebWorkers: false });
  for (const { name, content } of entries) {
    const options = { ...entryOptions(password, shape), signal };
    await zip.add(name, ReadableStream.from(content), options);
  }
  await zip.close();
}

function entryOptions(password: string, shape: Shape): ZipWriterAddDataOptions {
  return {
    level: shape.compression === 'store' ? 0 : 6,
    zip64: shape.zip64,
    dataDescriptor: shape.dataDescriptor || shape.encryption === 'zipcrypto',
    ...lock(password, shape.encryption),
  };
}

function lock(password: string, encryption: Shape['encryption']): ZipWriterAddDataOptions {
  if (encryption === 'none') return {};
  if (encryption === 'zipcrypto') return { password, zipCrypto: true };
  return { password, encryptionStrength: AES_STRENGTHS[encryption] };
}

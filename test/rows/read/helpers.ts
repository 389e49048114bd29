/** What the archive tests share: archives in memory, made by zip.js, and their rows as text. */
import assert from 'node:assert/strict';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from '@zip.js/zip.js';
import {
  ArchiveError,
  COLUMN_NAMES,
  FIELD_NAMES,
  type RandomAccess,
  openArchive,
  writeRows,
} from '../../../src/rows/read/index.ts';
import type { ArchiveFault } from '../../../src/rows/read/errors.ts';

export const PASSWORD = 'Parola123x';
export const LIMITS: { fileMaxBytes: number; fileType?: 'json' | 'csv' } = {
  fileMaxBytes: 64 * 1024 * 1024,
};

export type Row = readonly string[];

/** Nine values, in MKS's order. */
export const ROW: Row = [
  '20250505',
  'TIB',
  '1234567',
  'SERB',
  'HSE',
  'XIST',
  'TRAGARAN91N1',
  'E',
  '1500.50',
];

/** The canonical line of each row. */
export function ndjson(rows: readonly Row[]): string {
  const line = (row: Row): string =>
    JSON.stringify(Object.fromEntries(FIELD_NAMES.map((name, index) => [name, row[index] ?? ''])));
  return rows.map((row) => `${line(row)}\n`).join('');
}

export const HEADER = COLUMN_NAMES.join(';');

export function inMemory(bytes: Uint8Array): RandomAccess {
  return {
    size: bytes.length,
    async read(offset, length) {
      return bytes.subarray(offset, offset + length);
    },
  };
}

export async function* chunks(bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
}

export interface Outcome {
  text: string;
  rowCount: number;
  restarts: number;
}

/** The rows of a file that is not in an archive, given in chunks of `size` bytes. */
export async function rowsOf(
  type: 'json' | 'csv',
  content: string | Uint8Array,
  size = 7,
): Promise<Outcome> {
  const bytes = Buffer.from(content);
  return collect({ type, stream: () => chunks(bytes, size), async verify() {} });
}

export async function collect(file: Parameters<typeof writeRows>[0]): Promise<Outcome> {
  let pieces: Buffer[] = [];
  let restarts = 0;
  const { rowCount } = await writeRows(
    file,
    async (piece) => {
      assert.equal(piece.at(-1), 0x0a, 'a piece holds whole lines');
      pieces.push(piece);
    },
    async () => {
      pieces = [];
      restarts++;
    },
  );
  return { text: Buffer.concat(pieces).toString(), rowCount, restarts };
}

/** Opens the archive and gives its rows as canonical text. */
export async function rowsOfArchive(
  bytes: Uint8Array,
  password = PASSWORD,
  limits = LIMITS,
): Promise<string> {
  const archive = await openArchive(inMemory(bytes), password, limits);
  try {
    return (await collect(archive)).text;
  } finally {
    await archive.close();
  }
}

/** Asserts that the work fails as an ArchiveError for this reason. */
export async function fails(work: Promise<unknown>, reason: ArchiveFault): Promise<void> {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof ArchiveError, `not an ArchiveError: ${String(error)}`);
    assert.equal(error.reason, reason, error.message);
    return true;
  });
}

export type EntryOptions = NonNullable<Parameters<ZipWriter<unknown>['add']>[2]>;

export async function pack(
  files: readonly (readonly [name: string, content: string | Uint8Array])[],
  options: EntryOptions = {},
  comment?: string,
): Promise<Uint8Array> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { useWebWorkers: false });
  for (const [name, content] of files) {
    await writer.add(name, new Uint8ArrayReader(new Uint8Array(Buffer.from(content))), {
      password: PASSWORD,
      ...options,
    });
  }
  return writer.close(comment === undefined ? undefined : new Uint8Array(Buffer.from(comment)));
}

/** Each way to lock an entry that MKS may use. */
export const LOCKS: [string, EntryOptions][] = [
  ['AES-128', { encryptionStrength: 1 }],
  ['AES-192', { encryptionStrength: 2 }],
  ['AES-256', { encryptionStrength: 3 }],
  ['ZipCrypto', { zipCrypto: true }],
];

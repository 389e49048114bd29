/**
 * The spool: a ready report's archives as received and its rows, sealed, on this machine's disk.
 *
 * A report's files are `<id>.<n>.archive` and `<id>.<n>.rows`, one pair for each file of MKS.
 * They are written under a draft name and take their own only when the whole report is good, so
 * a file with its own name is whole.
 */
import { mkdir, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { releasing } from '../../lib/release.ts';
import {
  createFrameWriter,
  openRandomReader,
  RANDOM_FRAME_BYTES,
  readFrames,
  readKeptFrames,
  type FrameWriter,
  type RandomReader,
  type SealedFile,
} from './frames.ts';
import { inflate, inflateLines } from './zstd.ts';

/** A draft that nobody has written to for this long was left by a dead process. */
const ABANDONED_DRAFT_MS = 60 * 60 * 1000;

export interface Draft {
  /** Seals an archive, in pieces as `releasing` takes them, as it arrives, and opens it for reading at random. */
  archive(n: number, stream: AsyncIterable<Uint8Array>): Promise<RandomReader>;
  /**
   * The archive and the rows of file `n`, for whoever reads the one and writes the other himself. He
   * has let go of both before the draft is committed or discarded.
   */
  files(n: number): { archive: SealedFile; rows: SealedFile };
  /** Gives all files their own names: the report is there. */
  commit(): Promise<void>;
  /** Removes what was written. */
  discard(): Promise<void>;
}

export interface Spool {
  /** @param draftName makes the draft's names its own, e.g. the run. */
  draft(id: string, key: Buffer, draftName: string): Promise<Draft>;
  /** Whether the rows of all `count` files are here. */
  has(id: string, count: number): Promise<boolean>;
  /** Opens every frame of the rows once. @throws SpoolDamagedError, ENOENT. */
  verify(id: string, key: Buffer, count: number): Promise<void>;
  /** The rows as zstd, one zstd frame a file. @throws SpoolDamagedError, ReportGoneError. */
  zstdRows(id: string, key: Buffer, count: number): AsyncGenerator<Buffer>;
  /** The rows as NDJSON, in pieces cut anywhere, each its taker's. @throws SpoolDamagedError, ReportGoneError. */
  plainRows(id: string, key: Buffer, count: number): AsyncGenerator<Buffer>;
  /** The same in pieces of whole lines, each lent until the next is asked for. */
  rowLines(id: string, key: Buffer, count: number): AsyncGenerator<Buffer>;
  /** Where the rows lie, for whoever reads them himself. */
  rowFiles(id: string, key: Buffer, count: number): SealedFile[];
  openKept(id: string, key: Buffer, n: number): Promise<RandomReader>;
  /** Removes all files of these reports: the folder is listed once for all of them. */
  remove(ids: readonly string[]): Promise<void>;
  /** Removes abandoned drafts and the files of reports that `isKept` does not know. */
  sweep(isKept: (id: string) => Promise<boolean>): Promise<void>;
}

/** @param folder made with mode 0700 when it is missing. */
export async function createSpool(folder: string): Promise<Spool> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = (id: string, n: number, kind: 'archive' | 'rows'): string =>
    join(folder, `${id}.${n}.${kind}`);

  const rowFile = (id: string, key: Buffer, n: number): SealedFile => ({
    path: path(id, n, 'rows'),
    key,
    context: `${id}|${n}|rows`,
  });

  /** The rows of all files, one after another, each file as it is kept or read in another way. */
  async function* rowsOf(
    id: string,
    key: Buffer,
    count: number,
    read: (kept: AsyncIterable<Buffer>) => AsyncIterable<Buffer> = (kept) => kept,
  ): AsyncGenerator<Buffer> {
    for (let n = 0; n < count; n += 1) yield* read(zstdFile(id, key, n));
  }
  async function* zstdFile(id: string, key: Buffer, n: number): AsyncGenerator<Buffer> {
    for await (const piece of readKeptFrames(rowFile(id, key, n))) {
      if (piece.length > 0) yield piece;
    }
  }
  async function remove(ids: readonly string[]): Promise<void> {
    const gone = new Set(ids);
    const names = (await readdir(folder)).filter((name) => gone.has(idOf(name)));
    await Promise.all(names.map((name) => rm(join(folder, name), { force: true })));
  }
  return {
    async draft(id, key, draftName) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return createDraft((n, kind) => path(id, n, kind), draftName, id, key);
    },
    async has(id, count) {
      const found = await Promise.all(
        Array.from({ length: count }, (_, n) => exists(path(id, n, 'rows'))),
      );
      return found.every(Boolean);
    },
    async verify(id, key, count) {
      for (let n = 0; n < count; n += 1) {
        const { path: place, context } = rowFile(id, key, n);
        for await (const frame of releasing(readFrames(place, key, context))) void frame;
      }
    },
    zstdRows: (id, key, count) => rowsOf(id, key, count),
    plainRows: (id, key, count) => rowsOf(id, key, count, inflate),
    rowLines: (id, key, count) => rowsOf(id, key, count, (kept) => inflateLines(kept, true)),
    rowFiles: (id, key, count) => Array.from({ length: count }, (_, n) => rowFile(id, key, n)),
    openKept: (id, key, n) => openRandomReader(path(id, n, 'archive'), key, `${id}|${n}|archive`),
    remove,
    async sweep(isKept) {
      const names = await readdir(folder);
      for (const name of names.filter((each) => each.endsWith('.draft'))) {
        const written = await stat(join(folder, name)).catch(() => undefined);
        if (written !== undefined && Date.now() - written.mtimeMs > ABANDONED_DRAFT_MS) {
          await rm(join(folder, name), { force: true });
        }
      }
      const ids = new Set(names.filter((name) => /\.(?:rows|archive)$/.test(name)).map(idOf));
      const orphans = [];
      for (const id of ids) if (!(await isKept(id))) orphans.push(id);
      await remove(orphans);
    },
  };
}

/** Whose a file in the spool is. */
function idOf(name: string): string {
  return name.slice(0, name.indexOf('.'));
}

function createDraft(
  path: (n: number, kind: 'archive' | 'rows') => string,
  draftName: string,
  id: string,
  key: Buffer,
): Draft {
  const finals = new Set<string>();
  const writers = new Set<FrameWriter>();
  const readers = new Set<RandomReader>();

  const draftOf = (final: string): string => `${final}.${draftName}.draft`;
  function fileOf(n: number, kind: 'archive' | 'rows'): SealedFile {
    const final = path(n, kind);
    finals.add(final);
    return { path: draftOf(final), key, context: `${id}|${n}|${kind}` };
  }

  async function letGo(): Promise<void> {
    await Promise.all([...writers].map((writer) => writer.abandon()));
    await Promise.all([...readers].map((reader) => reader.close().catch(() => undefined)));
  }
  return {
    async archive(n, stream) {
      const { path: draft, context } = fileOf(n, 'archive');
      await rm(draft, { force: true });
      const writer = await createFrameWriter(draft, key, context);
      writers.add(writer);
      for await (const frame of inFrames(releasing(stream))) await writer.write(frame);
      await writer.finish();
      const reader = await openRandomReader(draft, key, context);
      readers.add(reader);
      return reader;
    },
    files: (n) => ({ archive: fileOf(n, 'archive'), rows: fileOf(n, 'rows') }),
    async commit() {
      await letGo();
      // The rows come last: where they stand, their archives stand too.
      const ordered = [...finals].toSorted();
      for (const final of ordered) await rename(draftOf(final), final);
    },
    async discard() {
      await letGo();
      await Promise.all([...finals].map((final) => unlink(draftOf(final)).catch(() => undefined)));
    },
  };
}

/** Re-cuts a stream into pieces of RANDOM_FRAME_BYTES, each its taker's; the last may be shorter. */
async function* inFrames(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let frame = Buffer.alloc(0);
  let used = 0;
  for await (const chunk of stream) {
    for (let at = 0; at < chunk.length;) {
      if (used === 0) frame = Buffer.allocUnsafeSlow(RANDOM_FRAME_BYTES);
      const part = chunk.subarray(at, at + RANDOM_FRAME_BYTES - used);
      frame.set(part, used);
      at += part.length;
      used += part.length;
      if (used < RANDOM_FRAME_BYTES) continue;
      yield frame;
      used = 0;
    }
  }
  if (used > 0) yield frame.subarray(0, used);
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

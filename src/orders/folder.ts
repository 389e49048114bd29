/**
 * Files in an order's folder: written beside their name, synced, and only then given it.
 *
 * A name never shows half a file, and what is there under it is never replaced by other bytes. A reader may take
 * a file away at any moment; it does not come back by itself.
 */
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Placing } from './days.ts';

/** A file that is whole and has no name of its own yet. */
export type Part = Pick<Placing, 'part' | 'sha256' | 'bytes' | 'ctime'>;

const PART = /^\.mks-[0-9a-f-]{36}\.part$/;
/** No writing takes as long: whoever began it is dead. */
const STALE_MS = 24 * 60 * 60 * 1000;
/** What systems of files without hard links say. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EXDEV', 'EMLINK']);

/**
 * Writes the whole of it to the folder, under a hidden name.
 * @throws what the pieces or the file system throw; nothing is left then.
 */
export async function writePart(
  folder: string,
  pieces: AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<Part> {
  const part = `.mks-${randomUUID()}.part`;
  const path = join(folder, part);
  const hash = createHash('sha256');
  let bytes = 0;
  const file = await open(path, 'wx', 0o640);
  try {
    for await (const piece of pieces) {
      signal.throwIfAborted();
      hash.update(piece);
      bytes += piece.length;
      await file.writeFile(piece);
    }
    await file.sync();
    const { ctimeNs } = await file.stat({ bigint: true });
    return { part, sha256: hash.digest('hex'), bytes, ctime: String(ctimeNs) };
  } catch (error) {
    await unlink(path).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}

/** Whether the part has got its name already: it is gone, or was changed since it was written. */
export async function isPlaced(folder: string, { part, ctime }: Part): Promise<boolean> {
  try {
    const { ctimeNs, nlink } = await stat(join(folder, part), { bigint: true });
    return nlink > 1n || String(ctimeNs) !== ctime;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true;
    throw error;
  }
}

/**
 * Gives the part this name, and lays `<name>.sha256` beside it in the form that `sha256sum -c` reads.
 * @returns `placed`, `there` when the same bytes have the name already, `taken` when others do.
 */
export async function placePart(
  folder: string,
  part: Part,
  name: string,
): Promise<'placed' | 'there' | 'taken'> {
  const path = join(folder, name);
  try {
    // Unlike a rename it fails where there is something.
    await link(join(folder, part.part), path);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') {
      if (!NO_LINKS.has(codeOf(error))) throw error;
      if (await isFree(path)) return renamed(folder, part, name);
    }
    const isSame = (await digestOf(path)) === part.sha256;
    if (!isSame) return 'taken';
    await writeDigest(folder, part, name);
    return 'there';
  }
  await writeDigest(folder, part, name);
  return 'placed';
}

async function renamed(folder: string, part: Part, name: string): Promise<'placed'> {
  await rename(join(folder, part.part), join(folder, name));
  await writeDigest(folder, part, name);
  return 'placed';
}

/** `report.csv`, 2 → `report-2.csv`. */
export function numbered(name: string, number: number): string {
  if (number === 1) return name;
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? `${name}-${number}` : `${name.slice(0, dot)}-${number}${name.slice(dot)}`;
}

/** Lays the digest beside the file, if its reader has not taken it away. */
export async function completePlaced(folder: string, part: Part, name: string): Promise<void> {
  if ((await digestOf(join(folder, name))) === part.sha256) await writeDigest(folder, part, name);
}

/** An older digest under that name is of a file that is gone. */
async function writeDigest(
  folder: string,
  { sha256 }: Pick<Part, 'sha256'>,
  name: string,
): Promise<void> {
  const part = `.mks-${randomUUID()}.part`;
  const file = await open(join(folder, part), 'wx', 0o640);
  try {
    await file.writeFile(`${sha256}  ${name}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(join(folder, part), join(folder, `${name}.sha256`));
  await syncFolder(folder);
}

/** The part has served. */
export async function removePart(folder: string, { part }: Pick<Part, 'part'>): Promise<void> {
  await unlink(join(folder, part)).catch(() => undefined);
}

/** Removes what runs that were killed have left. */
export async function sweepParts(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!PART.test(name)) continue;
    const { mtimeMs } = await stat(join(folder, name));
    if (now - mtimeMs > STALE_MS) await unlink(join(folder, name));
  }
}

/** A name lasts when its folder is on the disk. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } catch (error) {
    // Some shares know no syncing of folders.
    if (!['EINVAL', 'EPERM', 'ENOTSUP', 'EBADF'].includes(codeOf(error))) throw error;
  } finally {
    await handle.close();
  }
}

async function isFree(path: string): Promise<boolean> {
  try {
    await stat(path);
    return false;
  } catch (error) {
    return codeOf(error) === 'ENOENT';
  }
}

/** Hex; of what is no file nothing. */
async function digestOf(path: string): Promise<string | undefined> {
  try {
    if (!(await stat(path)).isFile()) return undefined;
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
  } catch (error) {
    // Taken away in this moment: the name is as good as taken, and another one is free.
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

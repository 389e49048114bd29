/** Small files that are there as a whole or not at all, and folders that may not be there yet. */
import { open, readdir, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writeFault } from '../../reports/errors.ts';

const MEMBER = /^[A-Z0-9]{3,8}$/;

/**
 * Writes a file so that it is there also when the power goes.
 * @param path nobody else writes it. @throws StorageFullError; nothing of it is left then.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.draft`;
  try {
    await written(draft, text);
    await rename(draft, path);
    await synced(dirname(path));
  } catch (error) {
    for (const each of [draft, path]) await rm(each, { force: true }).catch(() => undefined);
    throw writeFault(error);
  }
}

/** The members that have a folder there. */
export async function memberFolders(folder: string): Promise<string[]> {
  return (await filesOf(folder)).filter((name) => MEMBER.test(name));
}

/** What is in a folder; nothing where there is none. */
export async function filesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function written(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The folder, which holds the name. */
async function synced(folder: string): Promise<void> {
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

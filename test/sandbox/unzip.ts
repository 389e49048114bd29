/** Three readers of zip archives that share no code: zip.js, 7z and unzipper. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader, type FileEntry } from '@zip.js/zip.js';
import { Open } from 'unzipper';

const run = promisify(execFile);

/** The files of an archive, each with what its directory says about it. */
export async function unzip(
  archive: Buffer,
  password: string,
): Promise<{ entry: FileEntry; bytes: Buffer }[]> {
  const options = { password, checkSignature: true, useWebWorkers: false };
  const reader = new ZipReader(new Uint8ArrayReader(new Uint8Array(archive)), options);
  const files: { entry: FileEntry; bytes: Buffer }[] = [];
  for (const entry of await reader.getEntries()) {
    if (entry.directory) continue;
    files.push({ entry, bytes: Buffer.from(await entry.getData(new Uint8ArrayWriter())) });
  }
  await reader.close();
  return files;
}

/** The text of an archive's only file. */
export async function unzipText(archive: Buffer, password: string): Promise<string> {
  const [file] = await unzip(archive, password);
  return file?.bytes.toString() ?? '';
}

/** The same by 7z. */
export async function unzipWith7z(archive: Buffer, password: string): Promise<Buffer> {
  const directory = await mkdtemp(join(tmpdir(), 'mks-test-7z-'));
  try {
    const file = join(directory, 'report.zip');
    await writeFile(file, archive);
    const options = { encoding: 'buffer' as const, maxBuffer: 64 * 1024 * 1024 };
    return (await run('7z', ['e', '-so', `-p${password}`, file], options)).stdout;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The same by unzipper, which knows ZipCrypto alone. */
export async function unzipWithUnzipper(archive: Buffer, password: string): Promise<Buffer> {
  const directory = await Open.buffer(archive);
  const [file] = directory.files;
  if (file === undefined) throw new Error('the archive is empty');
  return file.buffer(password);
}

/** Whether 7z is installed here. */
export async function has7z(): Promise<boolean> {
  return run('7z', ['i']).then(
    () => true,
    () => false,
  );
}

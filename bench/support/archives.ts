/** An archive as the sandbox makes it, with a password that peers can be told. */
import { writeFile } from 'node:fs/promises';
import { writeArchive } from '../../sandbox/archives/archive.ts';
import { fileBytes } from '../../sandbox/data/file-bytes.ts';
import { rowsBetween } from '../../sandbox/data/rows.ts';
import { DEFAULT_SHAPE, type Shape } from '../../sandbox/shape.ts';
import { DATE } from './stage.ts';

export const ARCHIVE_PASSWORD = 'Bench123';

/** Writes a locked archive of so many rows, and the file that it holds beside it. */
export async function makeArchive(
  path: string,
  plainPath: string,
  rows: number,
  encryption: Shape['encryption'],
): Promise<void> {
  const shape = { ...DEFAULT_SHAPE, rows, encryption };
  const request = { seed: 'mks', member: 'TIB', processDate: DATE, filters: {}, rows };
  const content = () =>
    fileBytes(rowsBetween({ ...request, plainText: false }, 0, rows), 'json', shape);
  await writeFile(plainPath, content());
  const entry = { name: 'rows.json', content: content() };
  await writeArchive(path, [entry], ARCHIVE_PASSWORD, shape, new AbortController().signal);
}

/** An archive as the sandbox makes it, with a password that peers can be told. */
import { writeArchive } from '../../sandbox/archives/archive.ts';
import { fileBytes, type FileType } from '../../sandbox/data/file-bytes.ts';
import { rowsBetween } from '../../sandbox/data/rows.ts';
import { DEFAULT_SHAPE, type Shape } from '../../sandbox/shape.ts';
import { DATE } from './stage.ts';

export const ARCHIVE_PASSWORD = 'Bench123';

export async function makeArchive(
  path: string,
  rows: number,
  encryption: Shape['encryption'],
  fileType: FileType = 'json',
): Promise<void> {
  const shape = { ...DEFAULT_SHAPE, rows, encryption };
  const request = { seed: 'mks', member: 'TIB', processDate: DATE, filters: {}, rows };
  const all = rowsBetween({ ...request, plainText: false }, 0, rows);
  const entry = { name: `rows.${fileType}`, content: fileBytes(all, fileType, shape) };
  await writeArchive(path, [entry], ARCHIVE_PASSWORD, shape, new AbortController().signal);
}

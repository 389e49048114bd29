/** In the place of the archive's reader: an archive is its password and its rows. */
import { ArchiveError } from '../../../src/rows/read/errors.ts';
import type { KeptFile } from '../place.ts';

export { ArchiveError };

/** What MKS packs. It must not begin as a message does. */
export const pack = (password: string, rows: string): string => `PK\n${password}\n${rows}`;

export async function openArchive(reader: unknown, password: string) {
  const file = reader as KeptFile;
  const [head, given, ...rows] = file.archive.split('\n');
  if (head !== 'PK') throw new ArchiveError('not-a-zip', 'it is none');
  if (given !== password) throw new ArchiveError('wrong-password', 'the password is refused');
  file.rows = rows.join('\n');
  return { file, unpackedBytes: file.rows.length, close: async () => undefined };
}

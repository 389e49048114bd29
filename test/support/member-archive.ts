/** The archive that a member downloads from MKS by hand: by the sandbox, or by a program that is not ours. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeArchive } from '../../sandbox/archives/archive.ts';
import { DEFAULT_SHAPE } from '../../sandbox/shape.ts';
import { temporaryFolder } from './folder.ts';
import { DATE, rowsOf, type Pair } from './pair.ts';

const run = promisify(execFile);
const NAME = 'rapor.csv';

/**
 * Makes the day's report ready, and packs MKS's own file of it.
 *
 * @param pair whose gateway has `MKS_FILE_TYPE=csv`.
 * @param password of ASCII where 7z packs: it takes no other for a zip.
 * @param packer the sandbox (AES-256), or 7z with the encryption that it names so.
 * @returns the path of the archive.
 */
export async function packMemberArchive(
  { ask, get }: Pick<Pair, 'ask' | 'get'>,
  password: string,
  packer: 'sandbox' | 'AES256' | 'ZipCrypto' = 'sandbox',
): Promise<string> {
  const { id } = await rowsOf(await ask({ processDate: DATE }));
  const file = await get(`/balances/${id}/file`);
  const bytes = new Uint8Array(await file.arrayBuffer());
  const cwd = await temporaryFolder();
  const archive = join(cwd, 'MKK_RP166.zip');
  if (packer === 'sandbox') {
    const content = (async function* () {
      yield bytes;
    })();
    const signal = AbortSignal.timeout(10_000);
    await writeArchive(archive, [{ name: NAME, content }], password, DEFAULT_SHAPE, signal);
    return archive;
  }
  await writeFile(join(cwd, NAME), bytes);
  await run('7z', ['a', '-tzip', `-mem=${packer}`, `-p${password}`, archive, NAME], { cwd });
  return archive;
}

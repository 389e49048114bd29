/** The files of sandboxes: their keys take longer to make than all else of a sandbox, so those of a process share them. */
import { cpSync } from 'node:fs';
import { createSandboxFiles } from '../../sandbox/index.ts';
import { DEFAULT_MEMBERS } from '../../sandbox/options.ts';
import { temporaryFolder } from './folder.ts';

/** MKK asks for 4096, which take ten times as long. */
export const SMALL_KEY_BITS = 2048;

let kept: Promise<string> = temporaryFolder();

/**
 * What MKK and these members have by now, with small keys: made once for all of a process who ask.
 * @returns a folder of the caller's own with copies, for `dataDirectory`.
 */
export async function smallKeys(members = DEFAULT_MEMBERS): Promise<string> {
  // One after the other: two at once would each make what is not there yet.
  const made = kept.then(async (folder) => {
    await createSandboxFiles(folder, { members, memberKeyBits: SMALL_KEY_BITS });
    return folder;
  });
  kept = made;
  const own = await temporaryFolder();
  cpSync(await made, own, { recursive: true });
  return own;
}

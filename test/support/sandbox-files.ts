/** The files of sandboxes: their keys take longer to make than all else of a sandbox, so they are shared. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { createSandboxFiles } from '../../sandbox/index.ts';
import { DEFAULT_MEMBERS } from '../../sandbox/options.ts';
import { temporaryFolder } from './folder.ts';
import { sharedKeys, SMALL_KEY_BITS } from './shared-keys.ts';

/** Whom most tests know: their keys are made once for all processes of a run. */
const KNOWN = ['TIB', 'AKY', 'M00', 'M01', 'M02', 'M03'];
const SHARED = 'sandbox';

/** Makes what all sandboxes of a run begin with, before its first test. */
export async function makeSharedFiles(folder: string): Promise<void> {
  const members = KNOWN.map((memberCode) => ({ memberCode, userCode: `${memberCode}991` }));
  await createSandboxFiles(join(folder, SHARED), { members, memberKeyBits: SMALL_KEY_BITS });
}

let kept = begin();

async function begin(): Promise<string> {
  const folder = await temporaryFolder();
  if (sharedKeys !== undefined) cpSync(join(sharedKeys, SHARED), folder, { recursive: true });
  return folder;
}

/**
 * What MKK and these members have by now, with small keys: what is not shared is made once for all of a process who ask.
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

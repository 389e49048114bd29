/**
 * RSA keys that the processes of a run share: to make one takes a tenth of a second, and a run would make hundreds. `npm
 * test` names a folder for them; a file that runs alone makes its own.
 */
import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** MKK asks for 4096, which take ten times as long. */
export const SMALL_KEY_BITS = 2048;

/** Names the folder, where there is one. */
export const SHARED_KEYS_VARIABLE = 'TEST_KEYS_FOLDER';
export const sharedKeys = process.env[SHARED_KEYS_VARIABLE];

let taken = 0;

/** @returns an RSA key that this process has not had yet; small ones are shared with the others. */
export async function rsaKey(bits = SMALL_KEY_BITS): Promise<KeyObject> {
  if (bits !== SMALL_KEY_BITS) return makeKey(bits);
  taken += 1;
  const path = sharedKeys === undefined ? undefined : join(sharedKeys, `${taken}.pem`);
  if (path !== undefined && existsSync(path)) return createPrivateKey(readFileSync(path));
  const key = await makeKey(bits);
  if (path !== undefined) {
    // Two may make the same one: each has his own then, and whoever comes later has one of them.
    const draft = `${path}-${process.pid}`;
    writeFileSync(draft, key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    renameSync(draft, path);
  }
  return key;
}

async function makeKey(modulusLength: number): Promise<KeyObject> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength });
  return privateKey;
}

/**
 * A real HSM in software: SoftHSM by its own tools and OpenSC's, with keys that never leave it.
 *
 * One a process, for its configuration is named by the environment.
 */
import { execFile, spawnSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from './folder.ts';
import { makeCertificate } from './identities.ts';

const run = promisify(execFile);

const MODULES = ['/usr/lib/softhsm/libsofthsm2.so', '/usr/lib64/softhsm/libsofthsm.so'];
export const MODULE = MODULES.find((path) => existsSync(path)) ?? MODULES[0] ?? '';
export const SO_PIN = 'so-8417503';

const driver = join(import.meta.dirname, '../../node_modules/pkcs11js/build/Release/pkcs11.node');
const isReady =
  existsSync(MODULE) &&
  existsSync(driver) &&
  ['softhsm2-util', 'pkcs11-tool'].every((name) => spawnSync(name).error === undefined);
/** Why a test cannot be run here; false where it can. */
export const skip = isReady
  ? false
  : 'SoftHSM, OpenSC or pkcs11js is missing: run `node scripts/setup.mjs --with-softhsm` as root';

export interface KeyEntry {
  pkcs11: { module: string; tokenLabel: string; keyLabel: string; pinFile: string };
}

export interface SoftHsm {
  folder: string;
  initToken(label: string, pin: string): Promise<void>;
  /** Makes a key that never leaves the token. @returns its self-signed certificate, PEM. */
  makeKey(tokenLabel: string, pin: string, keyLabel: string, bits?: number): Promise<string>;
  /** The members file's `signer`, with a PIN file of its own. */
  entry(tokenLabel: string, pin: string, keyLabel: string): Promise<KeyEntry>;
  /** All tokens are gone, as if the device had been pulled out. */
  takeAway(): Promise<void>;
  bringBack(): Promise<void>;
}

/** @param settings further lines of softhsm2.conf. */
export async function startSoftHsm(settings = ''): Promise<SoftHsm> {
  const folder = await temporaryFolder();
  const tokens = join(folder, 'tokens');
  const file = join(folder, 'softhsm2.conf');
  await mkdir(tokens);
  await writeFile(file, `directories.tokendir = ${tokens}\nlog.level = ERROR\n${settings}`);
  process.env['SOFTHSM2_CONF'] = file;
  const login = (label: string, pin: string) => [
    '--module',
    MODULE,
    '--token-label',
    label,
    '--login',
    '--pin',
    pin,
  ];

  return {
    folder,
    async initToken(label, pin) {
      const pins = ['--so-pin', SO_PIN, '--pin', pin];
      await run('softhsm2-util', ['--init-token', '--free', '--label', label, ...pins]);
    },
    async makeKey(tokenLabel, pin, keyLabel, bits = 4096) {
      const tool = (...args: string[]) => run('pkcs11-tool', [...login(tokenLabel, pin), ...args]);
      const name = ['--label', keyLabel];
      await tool('--keypairgen', '--key-type', `rsa:${bits}`, ...name, '--usage-sign');
      const path = join(folder, `${tokenLabel}-${keyLabel}`);
      await tool('--read-object', '--type', 'pubkey', ...name, '-o', `${path}.spki`);
      const key = await readFile(`${path}.spki`);
      const publicKey = createPublicKey({ key, format: 'der', type: 'spki' });
      const certificate = await makeCertificate(publicKey, async (bytes) => {
        await writeFile(`${path}.tbs`, bytes);
        const files = ['-i', `${path}.tbs`, '-o', `${path}.signature`];
        await tool('--sign', '--mechanism', 'SHA256-RSA-PKCS', ...name, ...files);
        return readFile(`${path}.signature`);
      });
      return certificate.toString();
    },
    async entry(tokenLabel, pin, keyLabel) {
      const pinFile = join(folder, `${tokenLabel}.pin`);
      await writeFile(pinFile, `${pin}\n`, { mode: 0o600 });
      return { pkcs11: { module: MODULE, tokenLabel, keyLabel, pinFile } };
    },
    takeAway: () => rename(tokens, `${tokens}.away`),
    bringBack: () => rename(`${tokens}.away`, tokens),
  };
}

/** Programs that tests alone need: whoever cannot have one here is not kept from all the rest. */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { buildHsmDriver } from './hsm-driver.mjs';
import { aptInstall, hasCommand, lastLines, ROOT, run, say } from './system.mjs';

const OWN_PROMETHEUS = join(ROOT, '.prometheus');

/**
 * Unpacks promtool of Debian's package into `.prometheus`, of which nothing is started. Only a test
 * needs it, and that one says so: whoever cannot have it here is not kept from all the rest.
 */
export function unpackPromtool() {
  if (hasCommand('promtool') || existsSync(join(OWN_PROMETHEUS, 'usr/bin/promtool'))) return;
  if (!hasCommand('apt-get')) return;
  say('unpacking promtool into .prometheus (apt-get download) …');
  mkdirSync(OWN_PROMETHEUS, { recursive: true });
  const download = () => run('apt-get', ['download', '-q', 'prometheus'], { cwd: OWN_PROMETHEUS });
  let result = download();
  if (!result.ok && run('apt-get', ['update', '-q']).ok) result = download();
  for (const file of readdirSync(OWN_PROMETHEUS).filter((name) => name.endsWith('.deb'))) {
    const path = join(OWN_PROMETHEUS, file);
    if (result.ok) result = run('dpkg-deb', ['-x', path, OWN_PROMETHEUS]);
    rmSync(path);
  }
  // The server and its pages are not wanted: a hundred megabytes.
  for (const part of ['usr/bin/prometheus', 'usr/share', 'etc', 'lib', 'var']) {
    rmSync(join(OWN_PROMETHEUS, part), { recursive: true, force: true });
  }
  if (!result.ok) say(`promtool could not be had:\n${lastLines(result.output)}`);
}

/** The command that each of Debian's packages is wanted for. */
const HSM_PACKAGES = {
  softhsm2: 'softhsm2-util',
  opensc: 'pkcs11-tool',
  'g++': 'g++',
  make: 'make',
  python3: 'python3',
};

/** Installs an HSM in software, and builds what reaches it. The tests that need them say so where they are missing. */
export function installSoftHsm() {
  const missing = Object.keys(HSM_PACKAGES).filter((name) => !hasCommand(HSM_PACKAGES[name]));
  for (const name of missing) installAsRoot(name);
  const failure = buildHsmDriver();
  if (failure !== undefined) say(`pkcs11js could not be built:\n${failure}`);
}

/**
 * Installs Debian's Chromium, where that is ours to do: the one without a screen, or the whole one where that cannot be
 * had. Only the console's tests need it, and they say so where it is missing.
 */
export function installChromium() {
  const small = 'chromium-headless-shell';
  if (!hasCommand(small)) installAsRoot(small);
  if (!hasCommand(small) && !hasCommand('chromium')) installAsRoot('chromium');
}

function installAsRoot(name) {
  if (!hasCommand('apt-get') || process.getuid() !== 0) return;
  say(`installing ${name} (apt-get) …`);
  let result = aptInstall(name);
  if (!result.ok && run('apt-get', ['update', '-q']).ok) result = aptInstall(name);
  if (!result.ok) say(`${name} could not be had:\n${lastLines(result.output)}`);
}

/**
 * pkcs11js, by which keys in an HSM are reached, built for this machine.
 *
 * It comes as C++ sources, and install scripts are off here, so whoever has no HSM needs no compiler. The headers
 * are those of the bundled Node where there is one, so that nothing but the registry is asked.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, ROOT, run, say } from './system.mjs';

const PACKAGE = join(ROOT, 'node_modules/pkcs11js');
const BUILT = join(PACKAGE, 'build/Release/pkcs11.node');

/** @returns why it could not be built; nothing where it is there. */
export function buildHsmDriver() {
  if (existsSync(BUILT)) return undefined;
  say('building pkcs11js …');
  const headers = join(ROOT, `node_modules/node-linux-${process.arch}`);
  const options = [
    '--ignore-scripts=false',
    ...(existsSync(join(headers, 'include')) ? [`--nodedir=${headers}`] : []),
  ];
  const { peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  // Where development dependencies were left out it is not there yet.
  const args = existsSync(PACKAGE)
    ? ['rebuild', 'pkcs11js', ...options]
    : ['install', '--no-save', '--omit=dev', `pkcs11js@${peerDependencies.pkcs11js}`, ...options];
  const { ok, output } = run('npm', args);
  return ok && existsSync(BUILT) ? undefined : lastLines(output);
}

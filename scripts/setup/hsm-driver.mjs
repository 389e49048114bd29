/**
 * pkcs11js, by which keys in an HSM are reached, built for this machine.
 *
 * It comes as C++ sources, and install scripts are off here, so whoever has no HSM needs no compiler. The headers
 * are those of the bundled Node where there is one, so that nothing but the registry is asked.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastLines, ROOT, run, say } from './system.mjs';

const NAME = 'pkcs11js';
const PACKAGE = join(ROOT, 'node_modules', NAME);
const BUILT = join(PACKAGE, 'build/Release/pkcs11.node');

/** @returns why it could not be built; nothing where it is there. */
export function buildHsmDriver() {
  if (existsSync(BUILT)) return undefined;
  say(`building ${NAME} …`);
  const failure = existsSync(PACKAGE) ? undefined : unpack();
  if (failure !== undefined) return failure;
  const headers = join(ROOT, `node_modules/node-linux-${process.arch}`);
  const options = existsSync(join(headers, 'include')) ? [`--nodedir=${headers}`] : [];
  const { ok, output } = run('npm', ['rebuild', NAME, '--ignore-scripts=false', ...options]);
  return ok && existsSync(BUILT) ? undefined : lastLines(output);
}

/**
 * Fetches it where development dependencies were left out: by its lockfile's version and digest, for npm would
 * leave it out again. @returns why that failed.
 */
function unpack() {
  const lockfile = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
  const { version, integrity } = lockfile.packages[`node_modules/${NAME}`];
  const folder = mkdtempSync(join(tmpdir(), 'mks-hsm-driver-'));
  try {
    const packed = run('npm', ['pack', `${NAME}@${version}`, `--pack-destination=${folder}`]);
    if (!packed.ok) return lastLines(packed.output);
    const file = join(folder, `${NAME}-${version}.tgz`);
    const digest = createHash('sha512').update(readFileSync(file)).digest('base64');
    if (`sha512-${digest}` !== integrity) return `${NAME} is not the one of the lockfile`;
    mkdirSync(PACKAGE, { recursive: true });
    const unpacked = run('tar', ['-xzf', file, '-C', PACKAGE, '--strip-components=1']);
    return unpacked.ok ? undefined : lastLines(unpacked.output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

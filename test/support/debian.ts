/** Programs of Debian that a test needs, installed by the test itself where that can be done. */
import { spawnSync } from 'node:child_process';

const PATIENCE = ['-o', 'DPkg::Lock::Timeout=300'];

function runs(command: string, args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(command, args, { env, stdio: 'ignore' }).status === 0;
}

/**
 * @param program as it is typed.
 * @param name of the package that brings it.
 * @returns why it cannot be had, for the test to be skipped with; undefined where it is there.
 */
export function lackOf(program: string, name: string): string | undefined {
  return lackOfPackage(name, '/bin/sh', ['-c', 'command -v "$1"', 'sh', program]);
}

/** As lackOf, for what is no program: a command that ends well shows that it is there. */
export function lackOfPackage(
  name: string,
  command: string,
  args: readonly string[],
): string | undefined {
  const isThere = (): boolean => runs(command, args);
  if (isThere()) return undefined;
  const install = (): boolean =>
    runs('apt-get', [...PATIENCE, 'install', '-y', '-q', '--no-install-recommends', name]);
  if (!install() && runs('apt-get', ['update', '-q'])) install();
  return isThere()
    ? undefined
    : `NOT TESTED: Debian's package ${name} is missing and could not be installed`;
}

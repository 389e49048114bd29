/** What the steps of the setup share: running a program, saying so, Debian's packages. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export function say(text) {
  console.error(`setup: ${text}`);
}

/** Runs a program; its output is kept for the case that it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: ROOT, encoding: 'utf8', ...options });
  const output = `${result.stdout ?? ''}${result.stderr ?? ''}`.trim();
  return { ok: result.status === 0, output: result.error ? String(result.error) : output };
}

export function lastLines(output) {
  return output.split('\n').slice(-12).join('\n');
}

export function hasCommand(name) {
  return run('/bin/sh', ['-c', 'command -v "$1"', 'sh', name]).ok;
}

/** Installs one of Debian's packages, as root, without what it merely recommends. */
export function aptInstall(name) {
  return run('apt-get', ['install', '-y', '-q', '--no-install-recommends', name], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
}

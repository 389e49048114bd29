/** Peers: programs of this machine, timed with all that they start, and those that are ours to run. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startNode, written, type Program } from './programs.ts';
import type { Scope } from './scope.ts';

const run = promisify(execFile);

export interface Timed {
  wallMs: number;
  cpuMs: number;
}

/** Why the commands cannot be compared with; undefined when they are all there. */
export async function missing(...commands: string[]): Promise<string | undefined> {
  for (const command of commands) {
    try {
      await run('/bin/sh', ['-c', 'command -v -- "$1"', 'sh', command]);
    } catch {
      return `${command} is not on this machine`;
    }
  }
  return undefined;
}

/** Times a line of bash, its children's CPU too. @throws Error when any command of it fails. */
export async function timed(script: string, ...args: string[]): Promise<Timed> {
  const timing = `set -o pipefail; TIMEFORMAT='%R %U %S'; time { ${script}; }`;
  const { stderr } = await run('/bin/bash', ['-c', timing, 'bash', ...args], {
    // A decimal point, whatever the machine's language.
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
  const [real = Number.NaN, user = Number.NaN, system = Number.NaN] =
    stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  return { wallMs: real * 1000, cpuMs: (user + system) * 1000 };
}

/** A server that does the least there is to do: see bench/peers/bare-….ts for what that is. */
export async function startBare(
  scope: Scope,
  name: 'fastify' | 'call',
  environment: Record<string, string> = {},
): Promise<{ program: Program; url: string }> {
  const program = startNode(scope, [`bench/peers/bare-${name}.ts`], environment);
  const [, url = ''] = await written(program, /listening on (\S+)/);
  return { program, url };
}

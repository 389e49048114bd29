/** The command line in a process of its own, beside whatever else the test runs. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { inherited } from './inherited.ts';
import { temporaryFolder } from './folder.ts';

const PROGRAM = join(import.meta.dirname, '../../cli/mks-gateway.js');
/** Compiled code, kept from one start to the next. */
const CACHE = await temporaryFolder();

export interface CliRun {
  code: number | null;
  /** As it came: a workbook is no text. */
  bytes: Buffer;
  output: string;
  errors: string;
}

export interface CliOptions {
  env?: Record<string, string>;
  cwd?: string;
  input?: string | Buffer;
}

export function startCli(
  args: readonly string[],
  { env = {}, cwd, input }: CliOptions = {},
): { child: ChildProcess; ended: Promise<CliRun> } {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { PATH: process.env['PATH'], LANG: 'C', XDG_CACHE_HOME: CACHE, ...inherited, ...env },
    ...(cwd !== undefined && { cwd }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // It may end without a look at its input.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const closed = once(child, 'close') as Promise<[number | null]>;
  const ended = Promise.all([closed, buffer(child.stdout), text(child.stderr)]).then(
    ([[code], bytes, errors]) => ({ code, bytes, output: bytes.toString(), errors }),
  );
  return { child, ended };
}

export function runCli(args: readonly string[], options: CliOptions = {}): Promise<CliRun> {
  return startCli(args, options).ended;
}

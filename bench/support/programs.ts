/** Starts programs, reads what they cost, ends them: by their own process ids, with the scope. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryFile } from './files.ts';
import type { Scope } from './scope.ts';

export const root = join(import.meta.dirname, '../..');
const START_TIMEOUT_MS = 60_000;
const END_TIMEOUT_MS = 20_000;
/** Of /proc/<pid>/stat: USER_HZ, the same on every Linux that Node runs on. */
const TICK_MS = 10;
const KIBIBYTE = 1024;

export interface Program {
  pid: number;
  /** What it has written so far. */
  output(): string;
  /** Resolves with its exit code, or the signal's name. */
  ended: Promise<number | string>;
  /** Asks it to end, and ends it when it does not. */
  stop(): Promise<void>;
}

/**
 * Starts `node <args>` as the project's scripts do. Its output goes to a file: reading it would
 * cost this process time that the measured ones want.
 */
export function startNode(
  scope: Scope,
  args: readonly string[],
  environment: Record<string, string>,
): Program {
  const file = temporaryFile(scope, 'output');
  const descriptor = openSync(file, 'w');
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', descriptor, descriptor],
  });
  closeSync(descriptor);
  const ended = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string);
  const program: Program = {
    pid: child.pid ?? 0,
    output: () => readFileSync(file, 'utf8'),
    ended,
    stop: () => stop(child, ended),
  };
  scope.after(() => program.stop());
  return program;
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), END_TIMEOUT_MS);
  await ended;
  clearTimeout(timer);
}

/** Waits until it has written what is looked for. @throws Error with its output when it ends or is late. */
export async function written(program: Program, pattern: RegExp): Promise<RegExpExecArray> {
  let end: number | string | undefined;
  void program.ended.then((code) => (end = code));
  const deadline = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const match = pattern.exec(program.output());
    if (match !== null) return match;
    if (end !== undefined || performance.now() > deadline) {
      throw new Error(
        `${end === undefined ? 'too slow' : `ended with ${end}`}: ${program.output()}`,
      );
    }
    await sleep(20);
  }
}

/** CPU time of a process so far, all its threads and both in user and in kernel mode, in ms. */
export function cpuMs(pid: number): number {
  const [, fields = ''] = /\) (.*)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
  const [user, system] = fields.split(' ').slice(11, 13);
  return (Number(user) + Number(system)) * TICK_MS;
}

/** What is in memory of a process, in MB. */
export interface Memory {
  /** All of it, the shared libraries too (RSS). */
  residentMB: number;
  /** What it shares with others counted in shares (PSS). */
  proportionalMB: number;
}

export function memoryOf(pid: number): Memory {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (name: string): number => {
    const [, kibibytes] = new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(text) ?? [];
    return (Number(kibibytes) * KIBIBYTE) / 1e6;
  };
  return { residentMB: megabytes('Rss'), proportionalMB: megabytes('Pss') };
}

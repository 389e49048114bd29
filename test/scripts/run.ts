/** Runs a script of the project as npm does, and gives what it said. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Cleanup } from '../support/cleanup.ts';

export interface Run {
  code: number | null;
  output: string;
  errors: string;
}

export const SCRIPTS = resolve(import.meta.dirname, '../../scripts');
export const CLI = resolve(SCRIPTS, '../cli/mks-gateway.js');

/** One command of the command line. */
export function runCommand(name: string, args: readonly string[], env = process.env): Run {
  return runScript(CLI, [name, ...args], env);
}

/** @param script its path, or its name in scripts/. */
export function runScript(script: string, args: readonly string[], env = process.env): Run {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [resolve(SCRIPTS, script), ...args],
    { encoding: 'utf8', env },
  );
  return { code: status, output: stdout, errors: stderr };
}

export function temporaryFolder(t: Cleanup): string {
  const folder = mkdtempSync(join(tmpdir(), 'mks-test-scripts-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

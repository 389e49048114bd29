/** Files that go with the measurement. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Scope } from './scope.ts';

/** A new folder that nobody else can read. */
export function temporaryFolder(scope: Scope): string {
  const folder = mkdtempSync(join(tmpdir(), 'mks-bench-'));
  scope.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The path of a file that is not there yet. */
export function temporaryFile(scope: Scope, name: string): string {
  return join(temporaryFolder(scope), name);
}

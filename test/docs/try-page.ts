/** Tries a page of the documents: every command does what the page says. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { TestContext } from 'node:test';
import { assertShown, commandsOf } from './page.ts';
import { lackFor, runPage } from './run-page.ts';
import { repositoryFolder, startStage } from './stages.ts';

export const root = join(import.meta.dirname, '../..');
/** The language of the reader's shell. */
export const LANGUAGES = { en: 'C.UTF-8', tr: 'tr_TR.UTF-8' };

/** @param file its path in the repository. */
export const readFrom = (file: string): string => readFileSync(join(root, file), 'utf8');

/**
 * @param file its path in the repository.
 * @param LANG of the reader's shell.
 */
export async function tryPage(t: TestContext, file: string, LANG: string): Promise<void> {
  const commands = commandsOf(readFrom(file));
  const folder = await repositoryFolder();
  const stage = await startStage(t, basename(file), folder);
  const lack = stage.lack ?? lackFor(commands);
  if (lack !== undefined) return t.skip(lack);
  const { code, outcomes } = await runPage(t, commands, { folder, stage, LANG });
  for (const { line, output, shows } of outcomes) {
    const where = `${file}:${line}`;
    // The shell stops at the first command that fails: what came of it is the last.
    if (code !== 0 && line === outcomes.at(-1)?.line) assert.fail(`${where}: ${code}: ${output}`);
    if (shows !== undefined) assertShown(shows, output, where);
  }
  assert.equal(outcomes.length, commands.length);
}

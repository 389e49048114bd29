/** The pages on the command line name all of it; that each line in them does what it says: test/docs/guides.test.ts. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { EXIT } from '../../cli/failures.ts';
import { runCli } from '../support/cli.ts';

const root = join(import.meta.dirname, '../..');

for (const page of ['docs/en/cli.md', 'docs/tr/cli.md']) {
  test(`${page}: names every command and every exit code`, async () => {
    const text = readFileSync(join(root, page), 'utf8');
    const codes = [...text.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
    assert.deepEqual(codes, Object.values(EXIT));
    const { output } = await runCli(['--help']);
    const commands = [...(output.split('Commands:\n')[1] ?? '').matchAll(/^ {2}([\w-]+) /gm)];
    assert.ok(commands.length >= 14);
    for (const [, name = ''] of commands) {
      assert.match(text, new RegExp(`mks-gateway ${name}\\b|^\\| \`${name}\\b`, 'm'), name);
    }
  });
}

/** The pages on the command line: every line in them is run as it stands, and both languages have the same. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { EXIT } from '../../cli/failures.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startPair } from '../support/pair.ts';
import { runCli } from '../support/cli.ts';

const root = join(import.meta.dirname, '../..');
const PAGES = { 'docs/cli.md': 'C', 'docs/tr/cli.md': 'tr_TR.UTF-8' };
const run = promisify(execFile);

const read = (page: string): string => readFileSync(join(root, page), 'utf8');

/** The lines that are to be typed, without what they say to the reader. */
function linesOf(page: string): string[] {
  return [...read(page).matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = '']) =>
    block.replaceAll(/ +# .*$/gm, ''),
  );
}

for (const [page, language] of Object.entries(PAGES)) {
  test(`${page}: every line does what it says`, async (t) => {
    const { url } = await startPair(t);
    const folder = await temporaryFolder();
    const programs = await temporaryFolder();
    symlinkSync(process.execPath, join(programs, 'node'));
    symlinkSync(join(root, 'cli/mks-gateway.js'), join(programs, 'mks-gateway'));
    const PATH = `${programs}:${process.env['PATH']}`;
    const env = { PATH, HOME: programs, LC_ALL: 'C.UTF-8', LANG: language, MKS_GATEWAY_URL: url };
    if (language !== 'C') Object.assign(env, { LC_ALL: '' });
    const blocks = linesOf(page);
    assert.ok(blocks.length >= 5);
    let output = '';
    for (const block of blocks) {
      const { stdout } = await run('bash', ['-ec', block], { cwd: folder, env });
      output += stdout;
    }
    assert.match(output, /^exit code 3$/m, 'the check');
    assert.match(output, /^exit code 1$/m, 'what is taken back too late');
    assert.match(output, language === 'C' ? /^State +TIB 20250502/m : /^Durum +TIB 20250502/m);
    const files = readdirSync(folder).toSorted();
    for (const file of [
      'balances.ndjson',
      'balances.xlsx',
      'breaks.csv',
      'changes.csv',
      'earlier.csv',
    ]) {
      assert.ok(files.includes(file), `${file} in ${files.join(' ')}`);
    }
  });

  test(`${page}: names every command and every exit code`, async () => {
    const text = read(page);
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

test('both languages have the same lines', () => {
  const [english, turkish] = Object.keys(PAGES).map(linesOf);
  assert.deepEqual(turkish, english);
});

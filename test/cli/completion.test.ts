/** Completion, asked as bash and zsh ask it. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { lackOf } from '../support/debian.ts';
import { runCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';

async function scriptOf(shell: 'bash' | 'zsh'): Promise<string> {
  const { code, output } = await runCli(['completion', shell]);
  assert.equal(code, 0);
  const file = join(await temporaryFolder(), `_mks-gateway.${shell}`);
  writeFileSync(file, output);
  return file;
}

const CASES: [words: string[], offered: string[]][] = [
  [['rep'], ['report', 'reports']],
  [
    ['trail', ''],
    ['list', 'verify', 'export', '--help', '--json', '--version'],
  ],
  [['balances', '20250505', '--form'], ['--format']],
  [
    ['balances', '20250505', '--format', 'csv'],
    ['csv', 'csv-excel'],
  ],
  [['changes', '-f', 'x'], ['xlsx']],
  [['--json', 'reports', '--state', 'c'], ['cancelled']],
  [['trail', 'verify', '--che'], ['--checkpoints']],
  [['trail', 'verify', '--certificates', ''], []],
];

test('bash', async () => {
  const file = await scriptOf('bash');
  for (const [words, offered] of CASES) {
    const script = `source '${file}'
      COMP_WORDS=(mks-gateway "$@"); COMP_CWORD=$#
      _mks_gateway
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', ...words], {
      encoding: 'utf8',
    });
    assert.equal(stderr, '');
    assert.deepEqual(
      stdout.split('\n').filter(Boolean).toSorted(),
      offered.toSorted(),
      words.join(' '),
    );
  }
});

test('zsh', async (t) => {
  const lack = lackOf('zsh', 'zsh');
  if (lack !== undefined) return t.skip(lack);
  const file = await scriptOf('zsh');
  for (const [words, offered] of CASES) {
    // What zsh's own functions are given; they match it against the word themselves.
    const script = `compdef() { true }; _files() { true }
      compadd() { shift; print -l -- "$@" }
      _describe() { print -l -- "\${(@)items%%:*}" }
      source '${file}'
      words=(mks-gateway "$@"); CURRENT=\${#words}
      _mks_gateway`;
    const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', script, 'zsh', ...words], {
      encoding: 'utf8',
    });
    assert.equal(stderr, '');
    const matching = stdout
      .split('\n')
      .filter((word) => word !== '' && word.startsWith(words.at(-1) ?? ''));
    assert.deepEqual(matching.toSorted(), offered.toSorted(), words.join(' '));
  }
});

test('each command, option and choice stands in its script, in Turkish too', async () => {
  const { output } = await runCli(['completion', 'zsh'], { env: { LANG: 'tr_TR.UTF-8' } });
  assert.match(output, /'balances:Bir günün bakiyeleri'/);
  assert.match(output, /'--isin:tek kıymet'/);
});

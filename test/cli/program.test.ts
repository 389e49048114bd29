/** The command line as a whole: help, wrong use in both languages, and nothing on standard output but what was asked for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryFolder } from '../support/folder.ts';
import { CLI, runScript } from '../scripts/run.ts';

const env = { PATH: process.env['PATH'], XDG_CACHE_HOME: await temporaryFolder() };
/** Words that English help is made of, and Turkish is not. */
const ENGLISH = new Set(
  'the with unless given what where which shows also that this these only made write asks waits of for FILE DATE LEDGER NAME <file> <name> <code> <time> <day>'.split(
    ' ',
  ),
);
const english = (...args: string[]) => runScript(CLI, args, env);
const turkish = (...args: string[]) => runScript(CLI, args, { ...env, LANG: 'tr_TR.UTF-8' });

test('every kind of wrong use is said in both languages, with the usage and exit code 2', () => {
  for (const [args, en, tr] of [
    [['trail', 'verify'], /^FILE is missing\n\nUsage: /, /^DOSYA eksik\n\nKullanım: /],
    [['trail', 'prove'], /^There is no command prove\n/, /^prove diye bir komut yok\n/],
    [['doctor', '--sign'], /^There is no option --sign\n/, /^--sign diye bir seçenek yok\n/],
    [['doctor', 'here', 'now'], /^Too much: here now\n/, /^Fazla: here now\n/],
    [['api-key', '--name'], /^--name <name> needs its value\n/, /^--name <ad> bir değer ister\n/],
    [
      ['balances', '20250505', '-f', 'txt'],
      /^-f, --format <name>: txt is not one of json, ndjson,/,
      /^-f, --format <ad>: txt şunlardan biri değil: json, ndjson,/,
    ],
    [['completion', 'fish'], /^SHELL: fish is not one of bash, zsh/, /^KABUK: fish şunlardan/],
    [
      ['balances', '5.5.2025'],
      /^5\.5\.2025 is no day: YYYYMMDD/,
      /^5\.5\.2025 bir gün değil: YYYYAAGG/,
    ],
    [['check', 'a.csv'], /^--date <day> is missing/, /^--date <gün> eksik/],
    [[], /^Usage: mks-gateway <command> \[options\]\n/, /^Kullanım: mks-gateway <komut> \[seçen/],
    [['trail'], /^Usage: mks-gateway trail <command>/, /^Kullanım: mks-gateway trail <komut>/],
  ] as const) {
    for (const [run, said] of [
      [english, en],
      [turkish, tr],
    ] as const) {
      const { code, output, errors } = run(...args);
      assert.equal(code, 2, args.join(' '));
      assert.equal(output, '');
      assert.match(errors, said);
    }
  }
});

test('with --json wrong use is one line of JSON', () => {
  for (const args of [
    ['--json', 'trail', 'verify'],
    ['trail', 'verify', '--json'],
  ]) {
    const { code, output, errors } = english(...args);
    assert.equal(code, 2);
    assert.equal(output, '');
    assert.equal(errors.trim().split('\n').length, 1);
    assert.deepEqual(JSON.parse(errors), { exitCode: 2, message: 'FILE is missing' });
  }
});

test('help goes to standard output, names its caller and is whole in Turkish', () => {
  const help = english('trail', 'verify', '--help');
  assert.deepEqual([help.code, help.errors], [0, '']);
  assert.match(help.output, /^Usage: mks-gateway trail verify \[options\] FILE…\n/);
  const byNpm = (name: string) =>
    runScript(CLI, ['doctor', '-h'], { ...env, npm_lifecycle_event: name }).output;
  assert.match(byNpm('doctor'), /^Usage: npm run doctor -- \[options\]\n/);
  assert.match(byNpm('mks'), /^Usage: npm run --silent mks -- doctor \[options\]\n/);
  assert.match(byNpm('test:run'), /^Usage: mks-gateway doctor/);
});

test('the version is that of the package', () => {
  const { code, output } = english('--version');
  assert.equal(code, 0);
  assert.match(output, /^\d+\.\d+\.\d+\n$/);
});

test('no help in Turkish has a word of the English one in it', async () => {
  const wordsIn = (help: string): Set<string> =>
    new Set(help.match(/<[a-z]+>|\b[A-Z]{2,}\b|[a-z]{4,}/g));
  const commands = [...english('--help').output.matchAll(/^ {2}([a-z][\w-]*)/gm)].map(
    ([, name = '']) => [name],
  );
  for (const command of [
    [],
    ...commands,
    ['trail', 'list'],
    ['trail', 'verify'],
    ['trail', 'export'],
  ]) {
    const help = turkish(...command, '--help').output.replace(/^Örnekler:[^]*/m, '');
    const shared = [...wordsIn(help)].filter((word) => ENGLISH.has(word));
    assert.deepEqual(shared, [], command.join(' '));
  }
});

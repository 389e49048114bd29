/** The command line as a person sees it: in a terminal, which tmux draws. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { lackOf } from '../support/debian.ts';
import { temporaryFolder } from '../support/folder.ts';
import { inherited } from '../support/inherited.ts';
import { packMemberArchive } from '../support/member-archive.ts';
import { DATE, startPair } from '../support/pair.ts';
import { until } from '../support/until.ts';

const root = join(import.meta.dirname, '../..');
const COLUMNS = 90;
/** It begins with one of these. */
const LINE = /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] /;
const PROMPT = 'ready>';
/** Each look starts a tmux, and holds the gateway up meanwhile. */
const LOOK_MS = 100;

interface Terminal {
  type(line: string): void;
  press(key: string): void;
  /** What stands on it, without empty lines. */
  screen(): string[];
  /** Waits until what stands on it matches. */
  shows(pattern: RegExp): Promise<string>;
}

function openTerminal(t: TestContext, env: Record<string, string>): Terminal {
  const socket = `mks-test-${randomUUID()}`;
  const tmux = (...args: string[]): string =>
    execFileSync('tmux', ['-u', '-L', socket, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env: {
        PATH: `${dirname(process.execPath)}:${process.env['PATH']}`,
        HOME: process.env['HOME'],
        TERM: 'xterm-256color',
        LANG: 'C.UTF-8',
        ...inherited,
        ...env,
      },
    });
  tmux(
    'new-session',
    '-d',
    '-x',
    String(COLUMNS),
    '-y',
    '24',
    '-c',
    root,
    `exec env PS1='${PROMPT} ' bash --norc`,
  );
  t.after(() => void tmux('kill-server'));
  const screen = (): string[] =>
    tmux('capture-pane', '-p')
      .split('\n')
      .filter((line) => line.trim() !== '');
  return {
    type: (line) => {
      tmux('send-keys', '-l', line);
      tmux('send-keys', 'Enter');
    },
    press: (key) => void tmux('send-keys', key),
    screen,
    async shows(pattern) {
      let shown = '';
      const isShown = (): boolean => pattern.test((shown = screen().join('\n')));
      await until(isShown, 30_000, LOOK_MS).catch((error: unknown) => {
        throw new Error(`${pattern} does not match:\n${shown}`, { cause: error });
      });
      return shown;
    },
  };
}

async function open(
  t: TestContext,
  sandbox: object,
  env: Record<string, string> = {},
  gateway: Record<string, string> = {},
) {
  const { url, ask, get } = await startPair(t, sandbox, gateway);
  const terminal = openTerminal(t, { MKS_GATEWAY_URL: url, ...env });
  await terminal.shows(new RegExp(`^${PROMPT}`));
  return { ...terminal, folder: await temporaryFolder(), ask, get };
}

const lack = lackOf('tmux', 'tmux');
const skip = lack === undefined ? {} : { skip: lack };
const MKS = 'npm run --silent mks --';

test(
  'the line tells position and preparing, gives way to the result, and nothing of it stays',
  skip,
  async (t) => {
    const { type, shows, screen, folder } = await open(t, { prepareSeconds: 4 });
    const file = join(folder, 'b.csv');
    type(`${MKS} balances 20260227 --member TIB --no-wait > ${join(folder, 'first.json')}; clear`);
    await until(() => existsSync(join(folder, 'first.json')));
    type(`${MKS} balances ${DATE} --member TIB -o ${file}; echo "code $?"`);
    await shows(
      /^\S TIB 20260302: queued, position 1, other reports of the member come first.* 0:\d\d$/m,
    );
    await shows(/^\S TIB 20260302: preparing.* 0:\d\d$/m);
    await shows(/^code 0$/m);
    assert.doesNotMatch(screen().join('\n'), LINE, 'the line is taken away');
    assert.match(readFileSync(file, 'utf8'), /^BAKIYE_TARIHI/);
  },
);

test('rows are counted against how many there are', skip, async (t) => {
  const { type, shows, folder } = await open(t, { shape: { rows: 60_000 } });
  // A pipe that is read slowly shows what a slow network would.
  type(
    `${MKS} balances ${DATE} --member TIB -f csv | { sleep 5; cat > ${join(folder, 'b.csv')}; }; echo "code $?"`,
  );
  await shows(/^\S [█░]{24} [\d,]+ of 60,000 rows received 0:\d\d$/m);
  await shows(/^code 0$/m);
});

test('Ctrl-C in Turkish: 130, no file, no line left over', skip, async (t) => {
  const { type, press, shows, folder } = await open(
    t,
    { prepareSeconds: 600 },
    { LANG: 'tr_TR.UTF-8' },
  );
  const file = join(folder, 'b.csv');
  type(`${MKS} balances ${DATE} --member TIB -o ${file}; echo "kod $?"`);
  await shows(/^\S TIB 20260302: hazırlanıyor/m);
  press('C-c');
  const shown = await shows(/^kod 130$/m);
  assert.match(shown, /^Bekleme bırakıldı; rapor duruyor: report [\da-f-]{36}/m);
  assert.doesNotMatch(shown, /hazırlanıyor/);
  assert.ok(!existsSync(file));
});

test('a workbook is not poured into a terminal, and a pipe is quiet', skip, async (t) => {
  const { type, shows, folder } = await open(t, { prepareSeconds: 1 });
  type(`${MKS} balances ${DATE} --member TIB -f xlsx; echo "code $?"`);
  await shows(/^code 2$/m);
  const log = join(folder, 'log');
  type(`clear; ${MKS} balances ${DATE} --member TIB -f xlsx 2> ${log} | wc -c; echo "code $?"`);
  await shows(/^code 0$/m);
  assert.equal(readFileSync(log, 'utf8'), '');
});

test('a window narrower than the line does not make it wrap', skip, async (t) => {
  const { type, shows, screen, folder } = await open(
    t,
    { prepareSeconds: 3 },
    { LANG: 'tr_TR.UTF-8' },
  );
  type(
    `stty cols 40; clear; ${MKS} balances ${DATE} --member TIB -o ${join(folder, 'b.csv')}; echo "kod $?"`,
  );
  await shows(/TIB 20260302: hazırlanıyor/);
  await shows(/^kod 0$/m);
  assert.doesNotMatch(screen().join('\n'), LINE);
});

test('the password of an archive is asked for and does not appear', skip, async (t) => {
  const { type, press, shows, screen, ...pair } = await open(t, {}, {}, { MKS_FILE_TYPE: 'csv' });
  const archive = await packMemberArchive(pair, 'Gizli-Şifre 1%');
  const check = `${MKS} check ${archive} --date ${DATE} --member TIB -o ${join(pair.folder, 'b.csv')}`;
  const question = /^Password of \S*MKK_RP166\.zip \(not shown, never stored\): *$/m;
  const ask = async (): Promise<void> => {
    type('clear');
    await until(() => screen().length === 1);
    type(`${check}; echo "code $?"; stty -a | grep -woE -- '-?echo'`);
    await shows(question);
  };
  await ask();
  type('Wrong-1234');
  const refused = await shows(/^code 1\necho$/m);
  assert.match(refused, /^ {2}Ledger-Password: does not open the archive$/m);
  assert.doesNotMatch(refused, /Wrong/);

  await ask();
  type('Gizli-Şifre 1%');
  assert.doesNotMatch(await shows(/^code 0\necho$/m), /Gizli/, 'the terminal echoes again');

  await ask();
  press('C-c');
  await shows(/^code 130\necho$/m);

  await ask();
  press('C-d');
  await shows(/^code 2\necho$/m);

  type(`clear; export MKS_LEDGER_PASSWORD='Gizli-Şifre 1%'; ${check}; echo "code $?"`);
  await shows(/^code 0$/m);
  assert.doesNotMatch(screen().join('\n'), question, 'who has set it is not asked');
});

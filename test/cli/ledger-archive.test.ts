/** `check` with MKS's own archive where nobody can be asked: the password comes from the environment. */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { runCli } from '../support/cli.ts';
import { lackOf } from '../support/debian.ts';
import { packMemberArchive } from '../support/member-archive.ts';
import { DATE, startPair } from '../support/pair.ts';

const lack = lackOf('7z', 'p7zip-full');
const skip = lack === undefined ? {} : { skip: lack };

test('an archive is told by its first bytes and opened by MKS_LEDGER_PASSWORD', skip, async (t) => {
  const { url, ...pair } = await startPair(t, {}, { MKS_FILE_TYPE: 'csv' });
  let piped = '';
  const run = (file: string, password: string) =>
    runCli(['check', file, '--date', DATE, '--member', 'TIB'], {
      env: { MKS_GATEWAY_URL: url, MKS_LEDGER_PASSWORD: password },
      ...(file === '-' && { input: readFileSync(piped) }),
    });
  for (const [packer, password] of [
    ['sandbox', 'Gizli-Şifre 1%'],
    ['AES256', 'Secret-12'],
    ['ZipCrypto', 'Secret-12'],
  ] as const) {
    const archive = await packMemberArchive(pair, password, packer);
    const otherName = join(dirname(archive), 'defter.csv');
    copyFileSync(archive, otherName);
    piped = archive;
    for (const [file, name] of [
      [archive, 'MKK_RP166'],
      [otherName, 'defter'],
      ['-', '-'],
    ] as const) {
      const { code, output, errors } = await run(file, password);
      assert.deepEqual([code, errors], [0, ''], `${packer} ${file}`);
      const { breaks, lineCount, ledger } = JSON.parse(output) as Record<string, unknown>;
      assert.deepEqual([breaks, lineCount, ledger], [[], 50, name]);
    }
    const wrong = await run(archive, 'Wrong-1234');
    assert.deepEqual([wrong.code, wrong.output], [1, '']);
    assert.match(wrong.errors, /Ledger-Password: does not open|cannot be read/);
    assert.doesNotMatch(wrong.errors, /Wrong-1234/);
  }
});

test('without a password, or with one that no header carries, nothing is sent', async (t) => {
  const { url, ...pair } = await startPair(t, {}, { MKS_FILE_TYPE: 'csv' });
  const archive = await packMemberArchive(pair, 'Secret-1');
  const output = join(dirname(archive), 'breaks.csv');
  const args = ['check', archive, '--date', DATE, '--member', 'TIB', '-o', output];
  for (const [password, message] of [
    [undefined, /needs its password: typed at a terminal, or in MKS_LEDGER_PASSWORD/],
    ['', /needs its password/],
    ['Secret-1\n', /no header can carry it/],
    [' Secret-1', /no header can carry it/],
  ] as const) {
    const given = password === undefined ? {} : { MKS_LEDGER_PASSWORD: password };
    const { code, errors } = await runCli(args, { env: { MKS_GATEWAY_URL: url, ...given } });
    assert.equal(code, 2, errors);
    assert.match(errors, message);
    assert.doesNotMatch(errors, /Secret-1/);
    assert.ok(!existsSync(output));
  }
  const { items } = (await (await pair.get('/balances/checks')).json()) as { items: object[] };
  assert.deepEqual(items, []);
});

test('what is shorter than the sign of an archive is a CSV, and the gateway says what it lacks', async (t) => {
  const { url, ask } = await startPair(t);
  await (await ask({ processDate: DATE })).arrayBuffer();
  for (const input of ['', 'PK']) {
    const { code, errors } = await runCli(['check', '-', '--date', DATE, '--member', 'TIB'], {
      env: { MKS_GATEWAY_URL: url },
      input,
    });
    assert.equal(code, 1, errors);
    assert.doesNotMatch(errors, /archive|reached/);
  }
});

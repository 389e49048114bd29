/** The command line as a package brings it: sources in node_modules, started by its bin; and under an old Node. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { temporaryFolder } from '../support/folder.ts';
import { DATE, startPair } from '../support/pair.ts';
import { CLI, runScript } from '../scripts/run.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);
/** npx takes the first `node` of the PATH. */
const PATH = `${dirname(process.execPath)}:${process.env['PATH']}`;

test('the packed tarball runs by npx, from sources alone and with the dependencies that it names', async (t) => {
  const folder = await temporaryFolder();
  const env = { PATH, HOME: folder, LANG: 'C' };
  await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root, env });
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  const place = join(folder, 'node_modules/mks-gateway');
  mkdirSync(place, { recursive: true });
  await run('tar', ['-xzf', join(folder, tarball), '-C', place, '--strip-components=1']);
  // What npm would install for it lies here already.
  symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'));
  mkdirSync(join(folder, 'node_modules/.bin'));
  symlinkSync('../mks-gateway/cli/mks-gateway.js', join(folder, 'node_modules/.bin/mks-gateway'));
  writeFileSync(join(folder, 'package.json'), '{}');
  const npx = (...args: string[]) =>
    run('npx', ['--no', 'mks-gateway', ...args], {
      cwd: folder,
      env: { ...env, MKS_GATEWAY_URL: url },
    });

  const { url } = await startPair(t);
  const { stdout, stderr } = await npx('balances', DATE, '--member', 'TIB', '--format', 'csv');
  assert.equal(stderr, '');
  assert.match(stdout, /^BAKIYE_TARIHI,UYE,/);
  assert.match((await npx('sealing-key')).stdout, /^\S+:\S{44}\n$/);
  // The doctor reads the gateway's own configuration: its sources are in there too.
  await assert.rejects(npx('doctor'), ({ stdout: said }: { stdout: string }) => {
    assert.match(said, /MKS_MEMBERS_FILE: is required/);
    return true;
  });
});

test('an old Node is told what is needed, in both languages', async () => {
  const folder = await temporaryFolder();
  const asOld = join(folder, 'old.cjs');
  writeFileSync(
    asOld,
    `const { versions } = process; const old = { ...versions, node: '22.11.0' };
     Object.defineProperty(process, 'versions', { value: old });`,
  );
  const { code, output, errors } = runScript(CLI, ['members'], {
    PATH,
    NODE_OPTIONS: `--require=${asOld}`,
  });
  assert.deepEqual([code, output], [1, '']);
  assert.match(
    errors,
    /^mks-gateway: Node 24 or newer is needed[^\n]+\nmks-gateway: Node 24 ya da yenisi/,
  );
});

/** What builds the driver of HSMs: asks npm once, for what is there, and says so when it does not come about. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { runScript, SCRIPTS, temporaryFolder } from './run.ts';

const BUILT = 'node_modules/pkcs11js/build/Release/pkcs11.node';

/** A clone with the script alone, and an npm that notes how it was called. */
function createClone(t: TestContext, npm: string, integrity = '') {
  const root = temporaryFolder(t);
  const path = (name: string): string => join(root, name);
  cpSync(join(SCRIPTS, 'hsm-driver.mjs'), path('scripts/hsm-driver.mjs'));
  cpSync(join(SCRIPTS, 'setup'), path('scripts/setup'), { recursive: true });
  const packages = { 'node_modules/pkcs11js': { version: '1.2.3', integrity } };
  writeFileSync(path('package-lock.json'), JSON.stringify({ packages }));
  mkdirSync(path('bin'));
  writeFileSync(path('bin/npm'), `#!/bin/sh\necho "$1 $2" >> '${path('npm.log')}'\n${npm}\n`);
  chmodSync(path('bin/npm'), 0o755);
  return {
    path,
    build: () => {
      const PATH = `${path('bin')}:/usr/bin:/bin`;
      return runScript(path('scripts/hsm-driver.mjs'), [], { PATH });
    },
    asked: () => (existsSync(path('npm.log')) ? readFileSync(path('npm.log'), 'utf8') : ''),
  };
}

/** Leaves what it was told last in place of what it would build. */
const MAKE = `mkdir -p ${dirname(BUILT)}; for LAST; do :; done; echo "$LAST" > ${BUILT}`;

test('what is unpacked is built with the bundled headers, once', (t) => {
  const { path, build, asked } = createClone(t, MAKE);
  mkdirSync(path('node_modules/pkcs11js'), { recursive: true });
  const headers = path(`node_modules/node-linux-${process.arch}`);
  mkdirSync(join(headers, 'include'), { recursive: true });
  assert.equal(build().code, 0);
  assert.equal(build().code, 0);
  assert.equal(asked(), 'rebuild pkcs11js\n');
  assert.equal(readFileSync(path(BUILT), 'utf8'), `--nodedir=${headers}\n`);
});

test('what was left out with the development dependencies comes by the digest of the lockfile', (t) => {
  const sources = temporaryFolder(t);
  mkdirSync(join(sources, 'package'));
  writeFileSync(join(sources, 'package/index.js'), '');
  const file = join(sources, 'pkcs11js-1.2.3.tgz');
  execFileSync('tar', ['-czf', file, '-C', sources, 'package']);
  const digest = createHash('sha512').update(readFileSync(file)).digest('base64');
  const npm = `case $1 in pack) cp ${file} "\${3#*=}";; *) ${MAKE};; esac`;
  const good = createClone(t, npm, `sha512-${digest}`);
  assert.equal(good.build().code, 0);
  assert.equal(good.asked(), 'pack pkcs11js@1.2.3\nrebuild pkcs11js\n');
  assert.ok(existsSync(good.path('node_modules/pkcs11js/index.js')));

  const other = createClone(t, npm, 'sha512-other');
  const { code, errors } = other.build();
  assert.equal(code, 1);
  assert.match(errors, /pkcs11js is not the one of the lockfile/);
  assert.equal(other.asked(), 'pack pkcs11js@1.2.3\n');
});

test('without a compiler it says what is missing', (t) => {
  const { path, build } = createClone(t, 'echo "gyp ERR! not found: make" >&2; exit 1');
  mkdirSync(path('node_modules/pkcs11js'), { recursive: true });
  const { code, errors } = build();
  assert.equal(code, 1);
  assert.match(
    errors,
    /could not be built \(g\+\+, make and python3 are needed\):\n.*not found: make/,
  );
});

/** What builds the driver of HSMs: asks npm once, for what is there, and says so when it does not come about. */
import assert from 'node:assert/strict';
import { chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { runScript, SCRIPTS, temporaryFolder } from './run.ts';

const BUILT = 'node_modules/pkcs11js/build/Release/pkcs11.node';

/** A clone with the script alone, and an npm that notes how it was called. */
function createClone(t: TestContext, npm: string) {
  const root = temporaryFolder(t);
  const path = (name: string): string => join(root, name);
  cpSync(join(SCRIPTS, 'hsm-driver.mjs'), path('scripts/hsm-driver.mjs'));
  cpSync(join(SCRIPTS, 'setup'), path('scripts/setup'), { recursive: true });
  writeFileSync(path('package.json'), '{"peerDependencies":{"pkcs11js":"1.2.3"}}');
  mkdirSync(path('bin'));
  writeFileSync(path('bin/npm'), `#!/bin/sh\necho "$@" >> '${path('npm.log')}'\n${npm}\n`);
  chmodSync(path('bin/npm'), 0o755);
  return {
    path,
    build: () => runScript(path('scripts/hsm-driver.mjs'), [], { PATH: `${path('bin')}:/bin` }),
    asked: () => (existsSync(path('npm.log')) ? readFileSync(path('npm.log'), 'utf8') : ''),
  };
}

const MAKE = `mkdir -p ${dirname(BUILT)} && touch ${BUILT}`;

test('what is unpacked is built with the bundled headers, once', (t) => {
  const { path, build, asked } = createClone(t, MAKE);
  mkdirSync(path('node_modules/pkcs11js'), { recursive: true });
  const headers = path(`node_modules/node-linux-${process.arch}`);
  mkdirSync(join(headers, 'include'), { recursive: true });
  assert.equal(build().code, 0);
  assert.equal(build().code, 0);
  assert.equal(asked(), `rebuild pkcs11js --ignore-scripts=false --nodedir=${headers}\n`);
});

test('what development dependencies brought not is fetched in its exact version', (t) => {
  const { build, asked } = createClone(t, MAKE);
  assert.equal(build().code, 0);
  assert.equal(asked(), 'install --no-save --omit=dev pkcs11js@1.2.3 --ignore-scripts=false\n');
});

test('without a compiler it says what is missing', (t) => {
  const { build } = createClone(t, 'echo "gyp ERR! not found: make" >&2; exit 1');
  const { code, errors } = build();
  assert.equal(code, 1);
  assert.match(
    errors,
    /could not be built \(g\+\+, make and python3 are needed\):\n.*not found: make/,
  );
});

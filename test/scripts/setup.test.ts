import assert from 'node:assert/strict';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { runScript, SCRIPTS, temporaryFolder, type Run } from './run.ts';

interface Clone {
  path: (name: string) => string;
  /** Puts a program on the PATH that holds nothing else. */
  program: (name: string, script: string) => void;
  setup: (...args: string[]) => Run;
}

/** A clone with nothing but what setup looks at, and an npm that notes how it was called. */
function createClone(t: TestContext): Clone {
  const root = temporaryFolder(t);
  const path = (name: string): string => join(root, name);
  for (const folder of ['scripts', 'src/state', 'bin'])
    mkdirSync(path(folder), { recursive: true });
  copyFileSync(join(SCRIPTS, 'setup.mjs'), path('scripts/setup.mjs'));
  cpSync(join(SCRIPTS, 'setup'), path('scripts/setup'), { recursive: true });
  copyFileSync(join(SCRIPTS, '../src/state/redis-server.sh'), path('src/state/redis-server.sh'));
  writeFileSync(path('package-lock.json'), JSON.stringify(lockfile('1.0.0')));
  const program = (name: string, script: string): void => {
    writeFileSync(path(`bin/${name}`), `#!/bin/sh\n${script}\n`);
    chmodSync(path(`bin/${name}`), 0o755);
  };
  program('npm', `echo "$@" >> '${path('npm.log')}'; /bin/mkdir -p node_modules`);
  return {
    path,
    program,
    setup: (...args) => runScript(path('scripts/setup.mjs'), args, { PATH: path('bin') }),
  };
}

const lockfile = (version: string): object => ({
  packages: {
    '': { version: '0.0.0' },
    'node_modules/a': { version },
    'node_modules/b': { version: '1.0.0', optional: true },
  },
});

test('dependencies are installed once, and again when the lockfile changes', (t) => {
  const { path, setup } = createClone(t);
  const installs = (): number => readFileSync(path('npm.log'), 'utf8').trim().split('\n').length;
  const first = setup('--no-redis');
  assert.equal(first.code, 0, first.errors);
  assert.match(first.errors, /npm ci/);
  assert.match(readFileSync(path('npm.log'), 'utf8'), /^ci /);
  assert.deepEqual(setup('--no-redis'), { code: 0, output: '', errors: '' });
  assert.equal(installs(), 1);
  writeFileSync(path('package-lock.json'), JSON.stringify(lockfile('1.0.1')));
  assert.equal(setup('--no-redis').code, 0);
  assert.equal(installs(), 2);
});

test('what npm has installed already is not installed again', (t) => {
  const { path, setup } = createClone(t);
  mkdirSync(path('node_modules'));
  const installed = { packages: { 'node_modules/a': { version: '1.0.0' } } };
  writeFileSync(path('node_modules/.package-lock.json'), JSON.stringify(installed));
  assert.deepEqual(setup('--no-redis'), { code: 0, output: '', errors: '' });
  assert.ok(!existsSync(path('npm.log')));
});

test('when npm fails, its words are shown', (t) => {
  const { program, setup } = createClone(t);
  program('npm', 'echo the registry is away >&2; exit 1');
  const { code, errors } = setup('--no-redis');
  assert.equal(code, 1);
  assert.match(errors, /npm ci failed:\nthe registry is away/);
});

test('a redis-server on the PATH or unpacked beside the sources is enough', (t) => {
  const { path, program, setup } = createClone(t);
  program('redis-server', 'exit 0');
  assert.equal(setup().code, 0);
  program('redis-server', 'exit 1');
  assert.equal(setup().code, 1);

  const other = createClone(t);
  mkdirSync(other.path('.redis/usr/bin'), { recursive: true });
  copyFileSync(path('bin/redis-server'), other.path('.redis/usr/bin/redis-server'));
  writeFileSync(other.path('.redis/usr/bin/redis-server'), '#!/bin/sh\nexit 0\n');
  assert.equal(other.setup().code, 0);
});

test('where Redis cannot be had, the error says what to do', (t) => {
  const { setup } = createClone(t);
  const { code, errors } = setup();
  assert.equal(code, 1);
  assert.match(errors, /redis-server was not found: install Redis .* or set REDIS_URL/);
});

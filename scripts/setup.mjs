/**
 * Makes a fresh clone ready to run: the dependencies of the lockfile and a redis-server.
 *
 * Plain JavaScript without dependencies, because it runs before there are any, on Node 20.19 or
 * newer. It says nothing when there is nothing to do. `--no-redis` leaves Redis out;
 * `--with-promtool` adds Prometheus's promtool, which the test of the alerts runs, where it can;
 * `--with-chromium` the browser in which the console is tried; `--with-softhsm` an HSM in software.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { aptInstall, hasCommand, lastLines, ROOT, run, say } from './setup/system.mjs';
import { installChromium, installSoftHsm, unpackPromtool } from './setup/test-tools.mjs';

const OWN_REDIS = join(ROOT, '.redis');
const REDIS_SERVER_SCRIPT = join(ROOT, 'src/state/redis-server.sh');
const LEAST_NODE = [20, 19];
const RUNTIME_NODE = 24;
const POLICY_FILE = '/usr/sbin/policy-rc.d';

class SetupError extends Error {}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) {
    throw new SetupError(
      `Node ${LEAST_NODE.join('.')} or newer is needed; this is ${process.version}`,
    );
  }
}

/** What node_modules has to match: the lockfile, and the platform that it was installed for. */
function wantedStamp(lockfile) {
  return createHash('sha256')
    .update(lockfile)
    .update(`${process.platform}-${process.arch}`)
    .digest('hex');
}

/** Whether what npm says it has installed is what the lockfile asks for. */
function matchesLockfile(lockfile) {
  const installedFile = join(ROOT, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return false;
  const wanted = JSON.parse(lockfile).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    // Optional packages of other platforms are not installed.
    return installed[path] === undefined ? optional === true : installed[path].version === version;
  });
}

function installDependencies() {
  const lockfile = readFileSync(join(ROOT, 'package-lock.json'), 'utf8');
  const stampFile = join(ROOT, 'node_modules/.setup-stamp');
  const stamp = wantedStamp(lockfile);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  if (!matchesLockfile(lockfile)) {
    say('installing the dependencies (npm ci) …');
    const { ok, output } = run('npm', ['ci', '--no-audit', '--no-fund']);
    if (!ok) throw new SetupError(`npm ci failed:\n${lastLines(output)}`);
  }
  const [major = 0] = process.versions.node.split('.').map(Number);
  if (major < RUNTIME_NODE && !existsSync(join(ROOT, 'node_modules/.bin/node'))) {
    throw new SetupError(
      `there is no bundled Node ${RUNTIME_NODE} for ${process.platform}-${process.arch}: ` +
        `install Node ${RUNTIME_NODE} and run this again with it`,
    );
  }
  writeFileSync(stampFile, stamp);
}

function redisRuns() {
  return run('/bin/sh', [REDIS_SERVER_SCRIPT, '--version']).ok;
}

function installRedis() {
  if (redisRuns()) return;
  if (!hasCommand('apt-get')) {
    throw new SetupError(
      'redis-server was not found: install Redis 7 or newer with your package manager, ' +
        'or set REDIS_URL and use --no-redis',
    );
  }
  const failures = [];
  for (const attempt of process.getuid() === 0 ? [installAsRoot, unpackRedis] : [unpackRedis]) {
    const failure = attempt();
    if (failure === undefined && redisRuns()) return;
    failures.push(failure ?? 'redis-server does not run after it was installed');
  }
  throw new SetupError(
    `redis-server could not be installed: install the package redis-server, or set REDIS_URL ` +
      `and use --no-redis\n${failures.join('\n')}`,
  );
}

/** Installs Debian's package; gives the reason when that fails. */
function installAsRoot() {
  say('installing redis-server (apt-get) …');
  return withoutServiceStart(() => {
    let result = aptInstall('redis-server');
    if (!result.ok && run('apt-get', ['update', '-q']).ok) result = aptInstall('redis-server');
    // The program is wanted, not a service on port 6379 after the next start of the machine.
    if (result.ok && hasCommand('systemctl')) run('systemctl', ['disable', 'redis-server']);
    return result.ok ? undefined : lastLines(result.output);
  });
}

/** Keeps Debian from starting the service that comes with the package (policy-rc.d, code 101). */
function withoutServiceStart(action) {
  if (existsSync(POLICY_FILE)) return action();
  try {
    writeFileSync(POLICY_FILE, '#!/bin/sh\nexit 101\n');
    chmodSync(POLICY_FILE, 0o755);
    return action();
  } finally {
    rmSync(POLICY_FILE, { force: true });
  }
}

/** Downloads Debian's packages and unpacks them into `.redis`; gives the reason when that fails. */
function unpackRedis() {
  say('unpacking redis-server into .redis (apt-get download) …');
  const downloads = join(OWN_REDIS, 'packages');
  mkdirSync(downloads, { recursive: true });
  const first = downloadPackages(downloads, []);
  const failure = first === undefined ? undefined : downloadWithOwnLists(downloads);
  if (failure === undefined) {
    for (const file of readdirSync(downloads).filter((name) => name.endsWith('.deb'))) {
      const { ok, output } = run('dpkg-deb', ['-x', join(downloads, file), OWN_REDIS]);
      if (!ok) return lastLines(output);
    }
  }
  rmSync(downloads, { recursive: true, force: true });
  return failure;
}

/** Package lists of our own, where the machine's are missing or too old and not ours to renew. */
function downloadWithOwnLists(downloads) {
  const state = join(OWN_REDIS, 'apt');
  for (const folder of ['lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(state, folder), { recursive: true });
  }
  const options = ['-o', `Dir::State::lists=${state}/lists`, '-o', `Dir::Cache=${state}/cache`];
  const { ok, output } = run('apt-get', [...options, 'update', '-q']);
  const failure = ok ? downloadPackages(downloads, options) : lastLines(output);
  rmSync(state, { recursive: true, force: true });
  return failure;
}

function downloadPackages(downloads, options) {
  const packages = ['redis-server', 'redis-tools', ...missingLibraries(options)];
  const { ok, output } = run('apt-get', [...options, 'download', ...packages], { cwd: downloads });
  return ok ? undefined : lastLines(output);
}

/** The libraries that Redis needs here and that are not installed. */
function missingLibraries(options) {
  const onlyDepends = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'];
  const { output } = run('apt-cache', [
    ...options,
    'depends',
    '--recurse',
    ...onlyDepends.map((kind) => `--no-${kind}`),
    'redis-tools',
  ]);
  const libraries = output
    .split('\n')
    .filter((line) => /^(lib|lua)[a-z0-9.+-]+(?<!-perl)$/.test(line));
  return libraries.filter((name) => {
    const query = run('dpkg-query', ['-W', '-f', '${db:Status-Status}', name]);
    return !(query.ok && query.output === 'installed') && isReal(name, options);
  });
}

/** Whether a package has a version to download; some names only stand for others. */
function isReal(name, options) {
  return run('apt-cache', [...options, 'show', '--no-all-versions', name]).ok;
}

try {
  checkNode();
  installDependencies();
  if (!process.argv.includes('--no-redis')) installRedis();
  if (process.argv.includes('--with-promtool')) unpackPromtool();
  if (process.argv.includes('--with-chromium')) installChromium();
  if (process.argv.includes('--with-softhsm')) installSoftHsm();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  say(error.message);
  process.exitCode = 1;
}

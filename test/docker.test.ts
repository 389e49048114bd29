/** What the containers are made of, held without a container engine: files, packages, settings. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { loadClients } from '../src/config.ts';
import { environmentSchema } from '../src/config/environment.ts';
import { temporaryFolder } from './support/folder.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The Dockerfile's instructions, each on one line. */
const instructions = read('Dockerfile')
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => line.trim() !== '');
/** What is copied from this folder: [source, target]. */
const copies = instructions
  .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
  .flatMap((line) => {
    const words = line.split(/\s+/).slice(1);
    const target = words.pop() ?? '';
    return words.map((source): [string, string] => [source, target]);
  });
const compose = read('docker-compose.yml').replaceAll(/^\s*#.*\n/gm, '');

test('what the images copy is there, and .dockerignore lets it through', () => {
  const lines = read('.dockerignore').split('\n');
  assert.ok(lines.includes('*'), 'nothing but what is named may come in');
  assert.ok(copies.length >= 5, `${copies.length} copies found`);
  for (const [source] of copies) {
    assert.ok(existsSync(join(root, source)), `${source} does not exist`);
    assert.ok(lines.includes(`!${source}`), `.dockerignore holds ${source} back`);
  }
});

/** The modules that the images run, and what each imports but for types. */
function imports(): { file: string; name: string }[] {
  return copies
    .map(([source]) => source)
    .flatMap((source) =>
      isFolder(source)
        ? readdirSync(join(root, source), { recursive: true, encoding: 'utf8' }).map((name) =>
            join(source, name),
          )
        : [source],
    )
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => {
      const found = read(file).matchAll(
        /^(?:import|export)\s+(?!type\s)(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/gm,
      );
      return [...found].map((match) => ({ file, name: match[1] ?? match[2] ?? '' }));
    });
}

function isFolder(path: string): boolean {
  return statSync(join(root, path)).isDirectory();
}

test('what the images run imports only what is in them', () => {
  const lock = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { dev?: true; optional?: true; devOptional?: true } | undefined>;
  };
  const { peerDependenciesMeta: optionalPeers = {} } = JSON.parse(read('package.json')) as {
    peerDependenciesMeta?: Record<string, { optional: true }>;
  };
  const all = imports();
  assert.ok(all.length > 100, `${all.length} imports found`);
  for (const { file, name } of all) {
    if (name.startsWith('node:')) continue;
    if (name.startsWith('.')) {
      const target = relative(root, join(root, dirname(file), name));
      const isCopied = copies.some(([source]) => target.startsWith(`${source}/`));
      assert.ok(isCopied, `${file} imports ${target}, which is not copied`);
      continue;
    }
    const packageName = name.split('/', name.startsWith('@') ? 2 : 1).join('/');
    // Loaded where a member names an HSM alone, and told there where it is missing.
    if (packageName in optionalPeers) continue;
    const entry = lock.packages[`node_modules/${packageName}`];
    assert.ok(entry !== undefined, `${file} imports ${packageName}, which is not in the lockfile`);
    const isLeftOut = entry.dev ?? entry.optional ?? entry.devOptional ?? false;
    assert.ok(!isLeftOut, `${file} imports ${packageName}, which the images leave out`);
  }
});

test('the copied files are enough to start the gateway and its tools', async () => {
  const folder = await temporaryFolder();
  for (const [source, target] of copies) {
    const destination = target.endsWith('/')
      ? join(target, source.split('/').at(-1) ?? '')
      : target;
    cpSync(join(root, source), join(folder, destination), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const env = { PATH: process.env['PATH'], LANG: 'C' };
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  for (const [name, said] of [
    ['doctor', /MKS_MEMBERS_FILE: is required/],
    ['certificate', /--member must be/],
    ['api-key', /--name must be/],
    ['evidence', /--member/],
  ] as const) {
    const [, args = ''] = /^exec node (.*)$/.exec(scripts[name] ?? '') ?? [];
    const started = run(process.execPath, args.split(' '), { cwd: folder, env });
    await assert.rejects(started, (error: object) => {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      assert.match(stdout + stderr, said, name);
      return true;
    });
  }
  const command = commandOf('gateway');
  assert.equal(command[0], 'node');
  // Nothing is set, so it must get as far as saying so.
  const options = { cwd: folder, env: { PATH: process.env['PATH'] } };
  await assert.rejects(run(process.execPath, command.slice(1), options), (error: object) => {
    assert.match(String(Object(error).stderr), /^MKS_MEMBERS_FILE/m);
    return true;
  });
});

/** The exec-form command of a stage. */
function commandOf(stage: string): string[] {
  const from = instructions.findIndex((line) => line.endsWith(` AS ${stage}`));
  const text = instructions.slice(from).find((line) => line.startsWith('CMD ')) ?? '';
  return JSON.parse(text.slice('CMD '.length)) as string[];
}

test('the health check passes on 200 alone', async (t) => {
  const line = instructions.findLast((text) => text.startsWith('HEALTHCHECK ')) ?? '';
  const command = JSON.parse(line.slice(line.indexOf('['))) as string[];
  let status = 200;
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/health/live' ? status : 404).end();
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const check = (env: Record<string, string> = { PORT: String(port) }) =>
    run(process.execPath, command.slice(1), { env }).then(
      () => 'healthy',
      () => 'unhealthy',
    );
  assert.equal(await check(), 'healthy');
  const apart = { PORT: '1', OPERATIONS_PORT: String(port), TLS_KEY_FILE: 'key.pem' };
  assert.equal(await check(apart), 'healthy', 'plain HTTP on the operations port');
  status = 503;
  assert.equal(await check(), 'unhealthy');
  server.close();
  server.closeAllConnections();
  assert.equal(await check(), 'unhealthy');
});

test('the compose file names stages, files, volumes and settings that exist', () => {
  const stages = instructions.flatMap((line) => / AS (\S+)$/.exec(line)?.[1] ?? []);
  const volumes = compose.slice(compose.search(/^volumes:/m));
  const gatewaySettings = Object.keys(environmentSchema.properties);
  const sandboxSettings = readdirSync(join(root, 'sandbox'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => read(join('sandbox', name)).match(/\bSANDBOX_[A-Z_]+/g) ?? []);
  const settings = [...gatewaySettings, ...sandboxSettings];
  const expectKnown = (pattern: RegExp, isKnown: (name: string) => boolean): void => {
    const names = [...compose.matchAll(pattern)].map((match) => match[1] ?? '');
    assert.ok(names.length > 0, `nothing fits ${pattern}`);
    assert.deepEqual(
      names.filter((name) => !isKnown(name)),
      [],
    );
  };
  expectKnown(/\btarget: (\w+)\b/g, (name) => stages.includes(name));
  expectKnown(/^ {4}file: (\S+)$/gm, (name) => existsSync(join(root, name)));
  expectKnown(/(?:- |\[')(\w+):\//g, (name) => volumes.includes(`\n  ${name}:`));
  expectKnown(/^ {6}([A-Z][A-Z0-9_]+):/gm, (name) => settings.includes(name));
});

test('the compose example makes its API clients file once, and the gateway takes it', async () => {
  const folder = await temporaryFolder();
  const make = () => run(process.execPath, [join(root, 'deploy/docker/clients.ts'), folder, 'TIB']);
  await make();
  const file = join(folder, 'clients.json');
  const before = readFileSync(file, 'utf8');
  const { clients } = loadClients(file, new Set(['TIB']));
  assert.deepEqual(clients[0]?.members, ['TIB']);
  assert.equal(statSync(join(folder, 'demo.key')).mode & 0o777, 0o600);
  await make();
  assert.equal(readFileSync(file, 'utf8'), before);
});

/** The audit with the real npm, in front of a registry that answers as a test wants. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { SCRIPTS } from './run.ts';

interface Audit {
  code: number;
  said: string;
}

async function startRegistry(t: TestContext, status: number, body: unknown): Promise<string> {
  const server = createServer(({ method, url = '' }, response) => {
    // npm reads about a package that it is told of.
    const name = decodeURIComponent(url.slice(1));
    const version = '8.12.4';
    const about = {
      name,
      'dist-tags': { latest: version },
      versions: { [version]: { name, version } },
    };
    const answer = method === 'GET' ? about : body;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

async function audit(registry: string, ...args: string[]): Promise<Audit> {
  const child = spawn(process.execPath, [join(SCRIPTS, 'audit.ts'), ...args], {
    env: { ...process.env, npm_config_registry: registry },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stdout.on('data', (chunk) => (said += String(chunk)));
  child.stderr.on('data', (chunk) => (said += String(chunk)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, said };
}

test('nothing found', async (t) => {
  const { code, said } = await audit(await startRegistry(t, 200, {}));
  assert.equal(code, 0, said);
  assert.match(said, /nothing found in packages of production/);
});

test('something found', async (t) => {
  const advisory = { id: 1, url: 'https://example.org/1', title: 'Bad', severity: 'high' };
  const registry = await startRegistry(t, 200, {
    undici: [{ ...advisory, vulnerable_versions: '*', cwe: [], cvss: { score: 9 } }],
  });
  const { code, said } = await audit(registry);
  assert.equal(code, 1, said);
  assert.match(said, /audit: undici \*: high/);
});

test('a registry that refuses or is away is not one that found nothing', async (t) => {
  for (const registry of [await startRegistry(t, 405, {}), 'http://127.0.0.1:9/']) {
    const { code, said } = await audit(registry);
    assert.equal(code, 2, said);
    assert.match(said, /COULD NOT RUN, nothing is known/);
    assert.doesNotMatch(said, /nothing found/);
  }
  const registry = await startRegistry(t, 405, {});
  assert.equal((await audit(registry, '--if-possible')).code, 0);
});

test('every package is pinned by its digest, and none runs a script when it is installed', () => {
  const root = join(SCRIPTS, '..');
  const lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { integrity?: string; version: string }>;
  };
  const entries = Object.entries(lockfile.packages).filter(([path]) => path !== '');
  assert.ok(entries.length > 100);
  for (const [path, { integrity }] of entries) assert.match(integrity ?? '', /^sha512-/, path);
  assert.match(readFileSync(join(root, '.npmrc'), 'utf8'), /^ignore-scripts=true$/m);
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
    'dependencies' | 'devDependencies' | 'optionalDependencies',
    Record<string, string>
  >;
  const { dependencies, devDependencies, optionalDependencies } = manifest;
  const wanted = { ...dependencies, ...devDependencies, ...optionalDependencies };
  for (const [name, version] of Object.entries(wanted)) assert.match(version, /^\d/, name);
});

/** The console as it is given out: without a key, with nothing from elsewhere, and nothing else of the disk. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { client, startEdge } from '../../support/edge.ts';

const folder = join(import.meta.dirname, '../../../console');
const locked = { clients: () => [client('one', ['TIB'])] };

test('gives the page to whoever comes, and says whether a key is asked for', async (t) => {
  const asking = await startEdge(t, locked);
  const response = await asking.get('/console');
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.match(await response.text(), /<meta name="api-key" content="asked" \/>/);
  const open = await startEdge(t);
  assert.match(
    await (await open.get('/console')).text(),
    /<meta name="api-key" content="none" \/>/,
  );
});

test('lets nothing run in the page but its modules and the one map, by its digest', async (t) => {
  const { get } = await startEdge(t, locked);
  const response = await get('/console');
  const policy = response.headers.get('content-security-policy') ?? '';
  const page = await response.text();
  const scripts = [...page.matchAll(/<script([^>]*)>([^<]*)<\/script>/g)];
  assert.equal(scripts.length, 2);
  const map = scripts.find(([, attributes]) => attributes?.includes('importmap'))?.[2] ?? '';
  const digest = createHash('sha256').update(map).digest('base64');
  assert.ok(policy.includes(`script-src 'self' 'sha256-${digest}'`), policy);
  assert.match(policy, /^default-src 'none'/);
  assert.doesNotMatch(policy, /unsafe|https?:|\*/);
  for (const path of Object.values((JSON.parse(map) as { imports: object }).imports)) {
    const module = await get(String(path).slice(1));
    assert.equal(module.status, 200, String(path));
    assert.match(module.headers.get('content-type') ?? '', /^text\/javascript/);
    // A worker keeps to the policy that it came with.
    assert.equal(module.headers.get('content-security-policy'), policy);
  }
});

test('gives every source out as a program for browsers, at its own lines', async (t) => {
  const { get } = await startEdge(t, locked);
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  assert.ok(sources.length > 20, `${sources.length} sources`);
  for (const name of sources) {
    const response = await get(`/console/${name}`);
    assert.equal(response.status, 200, name);
    const body = await response.text();
    const source = readFileSync(join(folder, name), 'utf8');
    assert.equal(body.split('\n').length, source.split('\n').length, name);
    assert.doesNotMatch(body, /^(?:import type|export interface)/m, name);
  }
});

test('costs no body while it is unchanged', async (t) => {
  const { get } = await startEdge(t, locked);
  for (const path of ['/console', '/console/main.ts', '/console/style/base.css']) {
    const entityTag = (await get(path)).headers.get('etag') ?? '';
    assert.match(entityTag, /^"[\w-]{22}"$/, path);
    const again = await get(path, { 'if-none-match': entityTag });
    assert.equal(again.status, 304, path);
    assert.equal(await again.text(), '');
  }
});

test('gives out nothing but that, however it is asked for', async (t) => {
  const { url } = await startEdge(t, locked);
  const paths = [
    '/console/',
    '/console/index.html',
    '/console/tsconfig.json',
    '/console/nothing.ts',
    '/console/../package.json',
    '/console/..%2fpackage.json',
    '/console/%2e%2e/src/server.js',
    '/console//etc/passwd',
  ];
  for (const path of paths) {
    // As it stands: fetch would tidy it up.
    const status = await new Promise((resolve, reject) => {
      const sent = request(url, { path }, (answer) => resolve(answer.resume().statusCode));
      sent.on('error', reject).end();
    });
    assert.ok(status === 404 || status === 401, `${path}: ${String(status)}`);
  }
});

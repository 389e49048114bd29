import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createRedis, ready } from '../../src/state/connection.ts';
import { REDIS_SERVER_SCRIPT } from '../../src/state/embedded-process.ts';
import { StateUnavailableError } from '../../src/state/errors.ts';
import { parseRedisUrl } from '../../src/state/redis-url.ts';
import { identity } from '../config/support.ts';
import { freePort } from '../support/port.ts';
import { startRedis } from '../support/redis.ts';

const addresses: [address: string, options: object][] = [
  ['redis://localhost', { host: 'localhost', port: 6379 }],
  ['redis://h:1/15', { host: 'h', port: 1, db: 15 }],
  ['redis://[::1]:7', { host: '::1', port: 7 }],
  ['redis://us%65r:p%40ss@h', { host: 'h', port: 6379, username: 'user', password: 'p@ss' }],
  ['redis://:p@h', { host: 'h', port: 6379, password: 'p' }],
  ['rediss://h', { host: 'h', port: 6379, tls: { servername: 'h' } }],
  ['rediss://10.0.0.1', { host: '10.0.0.1', port: 6379, tls: {} }],
  ['unix:/a%20b/redis.sock', { path: '/a b/redis.sock' }],
  [
    'redis+sentinel://u:p%2F@a:1,b,[::1]:3/my-master/2',
    {
      name: 'my-master',
      sentinels: [
        { host: 'a', port: 1 },
        { host: 'b', port: 26379 },
        { host: '::1', port: 3 },
      ],
      username: 'u',
      password: 'p/',
      db: 2,
    },
  ],
];

for (const [address, options] of addresses) {
  test(`read: ${address}`, () => assert.deepEqual(parseRedisUrl(address), options));
}

for (const address of [
  '',
  'redis',
  'http://:hush@h',
  'redis://:hush@h/x',
  'redis://:hush@h?db=1',
  'redis://:hu%sh@h',
  'redis+sentinel://:hush@a',
  'redis+sentinel://:hush@a,/m',
  'redis+sentinel://:hush@a:x/m',
  'redis+sentinel://u:hush/x@a/m',
  // Of digits a password that has a / would pass for a port.
  'redis+sentinel://u:12/hush@a/m',
  'redis+sentinel://u:12#hush@a/m',
]) {
  test(`not read: ${address}`, () => {
    assert.throws(
      () => parseRedisUrl(address),
      ({ message }: Error) => !message.includes('hush'),
    );
  });
}

function folder(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'mks-test-url-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test('sentinels lead to the master', async (t) => {
  const [masterPort, sentinelPort] = [await freePort(), await freePort()];
  await startRedis(t, ['--port', String(masterPort)]);
  const file = join(folder(t), 'sentinel.conf');
  writeFileSync(
    file,
    `port ${sentinelPort}\nbind 127.0.0.1\nsentinel monitor mymaster 127.0.0.1 ${masterPort} 1\n`,
  );
  const sentinel = spawn('/bin/sh', [REDIS_SERVER_SCRIPT, file, '--sentinel'], { stdio: 'ignore' });
  t.after(() => sentinel.kill('SIGKILL'));
  const address = `redis+sentinel://127.0.0.1:1,127.0.0.1:${sentinelPort}/mymaster/1`;
  const redis = createRedis(address, 'commands');
  t.after(() => redis.disconnect());
  await ready(redis, 10_000);
  assert.match(await redis.info('server'), new RegExp(`tcp_port:${masterPort}`));
  assert.match(await redis.client('INFO'), / db=1 /);
});

test('over TLS a server has to show a certificate that is trusted', async (t) => {
  const directory = folder(t);
  writeFileSync(join(directory, 'tls.key'), identity.keyPem);
  writeFileSync(join(directory, 'tls.pem'), identity.pem);
  const port = String(await freePort());
  const files = ['cert', 'key', 'ca-cert'].flatMap((kind) => [
    `--tls-${kind}-file`,
    join(directory, kind === 'key' ? 'tls.key' : 'tls.pem'),
  ]);
  await startRedis(t, ['--tls-port', port, '--tls-auth-clients', 'no', ...files]);
  const faults: object[] = [];
  const redis = createRedis(`rediss://127.0.0.1:${port}`, 'commands', {
    info: () => undefined,
    warn: (details) => void faults.push(details),
  });
  t.after(() => redis.disconnect());
  await assert.rejects(ready(redis, 500), StateUnavailableError);
  assert.match(JSON.stringify(faults), /self-signed certificate/);
});

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { createRedis, ready, stateful } from '../../src/state/connection.ts';
import { startEmbeddedRedis, type EmbeddedRedis } from '../../src/state/embedded.ts';
import { StateUnavailableError } from '../../src/state/errors.ts';

const silent = { info: () => undefined, warn: () => undefined };

const started: EmbeddedRedis[] = [];

/** A folder that vanishes with the test, which has to leave no server in it behind. */
function folder(t: TestContext, ...below: string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'mks-test-embedded-'));
  t.after(async () => {
    for (const embedded of started.splice(0)) await embedded.stop();
    const left = serversIn(directory);
    rmSync(directory, { recursive: true, force: true });
    assert.deepEqual(left, []);
  });
  return join(directory, ...below);
}

async function start(dataDir: string): Promise<EmbeddedRedis> {
  const embedded = await startEmbeddedRedis({ dataDir, log: silent });
  started.push(embedded);
  return embedded;
}

/** The processes that work in a folder or below it. */
function serversIn(directory: string): string[] {
  const list = execFileSync('sh', ['-c', 'ls -l /proc/[0-9]*/cwd 2>/dev/null || true']);
  return list
    .toString()
    .split('\n')
    .filter((line) => line.includes(`-> ${directory}`));
}

/** Runs a few commands over a connection that is closed again. */
async function ask<T>(
  { url }: Pick<EmbeddedRedis, 'url'>,
  question: (redis: ReturnType<typeof createRedis>) => Promise<T>,
): Promise<T> {
  const redis = createRedis(url, 'commands');
  try {
    await ready(redis);
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}

const pidOf = (embedded: Pick<EmbeddedRedis, 'url'>): Promise<number> =>
  ask(embedded, async (redis) =>
    Number(/process_id:(\d+)/.exec(await redis.info('server'))?.[1] ?? 0),
  );

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}/exe`);
}

test('it is private, keeps everything and never evicts', async (t) => {
  const dataDir = folder(t, 'data');
  const embedded = await start(dataDir);
  const settings = await ask(embedded, (redis) =>
    redis.config('GET', 'port', 'appendonly', 'appendfsync', 'maxmemory-policy', 'save'),
  );
  const expected = {
    port: '0',
    appendonly: 'yes',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
    save: '',
  };
  const pairs = (settings as string[]).flatMap((name, index, all) =>
    index % 2 === 0 ? [[name, all[index + 1]] as const] : [],
  );
  assert.deepEqual(Object.fromEntries(pairs), expected);
  for (const directory of [dataDir, join(dataDir, 'redis')]) {
    assert.equal(statSync(directory).mode & 0o777, 0o700);
  }
});

test('its data are there after stop and start, and stop leaves no process', async (t) => {
  const dataDir = folder(t);
  const first = await start(dataDir);
  await ask(first, (redis) => redis.set('name', 'value'));
  const pid = await pidOf(first);
  await first.stop();
  assert.ok(!isAlive(pid));
  const second = await start(dataDir);
  assert.equal(await ask(second, (redis) => redis.get('name')), 'value');
});

test('it starts again when it dies, with what was written', async (t) => {
  const embedded = await start(folder(t));
  const redis = createRedis(embedded.url, 'commands');
  t.after(() => redis.disconnect());
  await ready(redis);
  for (let round = 1; round <= 3; round += 1) {
    await redis.set('round', round);
    const lost = once(redis, 'reconnecting');
    process.kill(await pidOf(embedded), 'SIGKILL');
    await lost;
    await assert.rejects(stateful(redis.get('round')), StateUnavailableError);
    await ready(redis);
    assert.equal(await stateful(redis.get('round')), String(round));
  }
});

test('gateways share it, and the last one ends it', async (t) => {
  const dataDir = folder(t);
  const [one, two] = await Promise.all([start(dataDir), start(dataDir)]);
  const pid = await pidOf(one);
  assert.equal(await pidOf(two), pid);
  await one.stop();
  assert.equal(await pidOf(two), pid);
  await two.stop();
  assert.ok(!isAlive(pid));
});

test('gateways that leave at the same moment leave nothing behind', async (t) => {
  const dataDir = folder(t);
  const all = await Promise.all([1, 2, 3].map(() => start(dataDir)));
  const pid = await pidOf({ url: all[0]?.url ?? '' });
  await Promise.all(all.map((embedded) => embedded.stop()));
  assert.ok(!isAlive(pid));
});

test('two gateways start it again once when it dies', async (t) => {
  const dataDir = folder(t);
  const [one, two] = await Promise.all([start(dataDir), start(dataDir)]);
  process.kill(await pidOf(one), 'SIGKILL');
  await sleep(300);
  assert.equal(await pidOf(one), await pidOf(two));
  assert.equal(serversIn(dataDir).length, 1);
});

test('a gateway that leaves while the server is being started again leaves nothing behind', async (t) => {
  const dataDir = folder(t);
  const [one, two] = await Promise.all([start(dataDir), start(dataDir)]);
  for (const pauseMs of [0, 20, 60, 120]) {
    const again = await start(dataDir);
    process.kill(await pidOf(one), 'SIGKILL');
    await sleep(pauseMs);
    await again.stop();
  }
  await Promise.all([one.stop(), two.stop()]);
  assert.deepEqual(serversIn(dataDir), []);
});

test('a gateway that is killed leaves it to the next one', async (t) => {
  const dataDir = folder(t);
  const script = `
    const { startEmbeddedRedis } = await import(${JSON.stringify(import.meta.resolve('../../src/state/embedded.ts'))});
    const log = { info() {}, warn() {} };
    const { url } = await startEmbeddedRedis({ dataDir: ${JSON.stringify(dataDir)}, log });
    console.log(url);
    setInterval(() => {}, 1000);`;
  const gateway = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = (await once(gateway.stdout, 'data')) as [Buffer];
  const url = output.toString().trim();
  await ask({ url }, (redis) => redis.set('name', 'value'));
  const pid = await pidOf({ url });
  const exited = once(gateway, 'exit');
  gateway.kill('SIGKILL');
  await exited;
  assert.ok(isAlive(pid));

  const next = await start(dataDir);
  assert.equal(await pidOf(next), pid);
  assert.equal(await ask(next, (redis) => redis.get('name')), 'value');
  await next.stop();
  assert.ok(!isAlive(pid));
});

test('a path that is too long for a socket is no obstacle', async (t) => {
  const dataDir = folder(t, 'a'.repeat(60), 'ü?#% b'.repeat(10));
  const embedded = await start(dataDir);
  assert.match(embedded.url, /^unix:\/tmp\/mks-gateway-/);
  assert.equal(await ask(embedded, (redis) => redis.ping()), 'PONG');
  assert.ok(existsSync(join(dataDir, 'redis', 'appendonlydir')));
  await embedded.stop();
  rmSync(join(embedded.url.slice('unix:'.length), '..'), { recursive: true });
});

test('odd characters in a short path are no obstacle', async (t) => {
  const embedded = await start(folder(t, 'ü?#% b'));
  assert.equal(await ask(embedded, (redis) => redis.ping()), 'PONG');
});

// Where setup has unpacked a server beside the sources, there always is one.
const skip = existsSync(join(import.meta.dirname, '../../.redis'));

test('without redis-server the error says what to do', { skip }, (t) => {
  const dataDir = folder(t);
  const tools = folder(t, 'bin');
  execFileSync('mkdir', [tools]);
  for (const tool of ['flock']) {
    const [path = ''] = execFileSync('sh', ['-c', `command -v ${tool}`])
      .toString()
      .split('\n');
    execFileSync('ln', ['-s', path, join(tools, tool)]);
  }
  const script = `
    const { startEmbeddedRedis } = await import(${JSON.stringify(import.meta.resolve('../../src/state/embedded.ts'))});
    await startEmbeddedRedis({ dataDir: ${JSON.stringify(dataDir)}, log: console }).catch((error) => console.log(error.message));`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { PATH: tools },
  });
  assert.match(output.toString(), /package redis-server.* or set REDIS_URL/);
});

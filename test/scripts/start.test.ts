/** `npm start` and `npm run sandbox` end with their npm: nothing is left behind. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { SCRIPTS, temporaryFolder } from './run.ts';
import { createFolder } from '../config/support.ts';
import { until } from '../support/until.ts';

const root = join(SCRIPTS, '..');

function answers(target: { port: number; host: string } | { path: string }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(target);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** The processes that this one has started, and they in turn. */
function descendantsOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  if (children === '') return [];
  return children.split(' ').flatMap((text) => [Number(text), ...descendantsOf(Number(text))]);
}

function isAlive(pid: number): boolean {
  try {
    // A process that has ended and that nobody has asked after yet is a zombie.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

test('SIGTERM for npm alone ends the gateway and its Redis', async (t) => {
  const { env } = createFolder(t);
  const nodeFolder = dirname(process.execPath);
  const child = spawn('npm', ['start', '--silent'], {
    cwd: root,
    env: {
      ...env,
      PATH: `${nodeFolder}:${process.env['PATH']}`,
      HOME: temporaryFolder(t),
      PORT: '0',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let started: number[] = [];
  t.after(() => {
    for (const pid of started.filter(isAlive)) process.kill(pid, 'SIGKILL');
  });
  const url = await new Promise<URL>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`npm ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { msg, url: told } = JSON.parse(line) as { msg: string; url?: string };
      if (msg === 'listening' && told !== undefined) resolve(new URL(told));
    });
  });
  const target = { host: url.hostname, port: Number(url.port) };
  assert.ok(await answers(target));
  started = descendantsOf(child.pid ?? 0);
  const commands = started.map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
  assert.ok(
    commands.some((command) => command.includes('redis-server')),
    commands.join('\n'),
  );
  assert.ok(
    commands.some((command) => command.includes('src/server.js')),
    commands.join('\n'),
  );
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  await until(() => !started.some(isAlive), 25_000);
  assert.ok(!(await answers(target)), 'the port is free');
});

test('every script that starts a server is the server itself', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const name of ['start', 'sandbox', 'demo:run']) {
    assert.match(scripts[name] ?? '', /^exec node /, name);
  }
  assert.match(scripts['demo'] ?? '', /&& exec npm /);
});

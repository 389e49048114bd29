/** A real Redis with AOF for one test, on a unix socket of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cleanup } from './cleanup.ts';
import { createRedis, ready } from '../../src/state/connection.ts';
import { REDIS_SERVER_SCRIPT } from '../../src/state/embedded-process.ts';

export interface TestRedis {
  /** For `createRedis`. */
  url: string;
  /** The socket's path, for a `redis-cli -s`. */
  socket: string;
  /** Of the server that runs now. */
  readonly pid: number;
  /** Starts it again over the same data, after ending the present one if it runs. */
  restart(): Promise<void>;
  /** Ends it as a crash does (SIGKILL); it stays away until `restart`. */
  kill(): Promise<void>;
}

/** A large AOF on a busy machine takes a while. */
const START_DEADLINE_MS = 60_000;
const LOG_TOLD_CHARACTERS = 2_000;
const MEMORY = '/dev/shm';
const ROOM_BYTES = 2 ** 30;

/** Starts a Redis (AOF, fsync always, noeviction) that ends and vanishes with the test. */
export async function startRedis(
  t: Cleanup,
  extraArguments: readonly string[] = [],
): Promise<TestRedis> {
  const directory = await mkdtemp(join(placeForData(), 'mks-test-redis-'));
  const socket = join(directory, 'redis.sock');
  const url = `unix:${socket}`;
  const run = (): ChildProcess => spawnServer(directory, socket, extraArguments);
  let server = run();
  t.after(async () => {
    await end(server);
    await rm(directory, { recursive: true, force: true });
  });
  const up = async (): Promise<void> => {
    try {
      await answers(url);
    } catch (cause) {
      // The log goes with the folder, and nobody else knows why.
      throw new Error(`the test Redis is not up: ${lastOf(directory)}`, { cause });
    }
  };
  await up();
  return {
    url,
    socket,
    get pid() {
      return server.pid ?? 0;
    },
    async restart() {
      await end(server);
      server = run();
      await up();
    },
    kill: () => end(server),
  };
}

/** In memory where there is room: on a disk that others write to, one fsync can take longer than a gateway waits. */
function placeForData(): string {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > ROOM_BYTES ? MEMORY : tmpdir();
}

function spawnServer(dir: string, socket: string, extra: readonly string[]): ChildProcess {
  const settings = {
    port: '0',
    unixsocket: socket,
    dir,
    save: '',
    appendonly: 'yes',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
    logfile: join(dir, 'redis.log'),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  return spawn('/bin/sh', [REDIS_SERVER_SCRIPT, ...flags, ...extra], { stdio: 'ignore' });
}

/** @returns the end of its log, or of what there is of it. */
function lastOf(directory: string): string {
  try {
    return readFileSync(join(directory, 'redis.log'), 'utf8').slice(-LOG_TOLD_CHARACTERS);
  } catch (error) {
    return String(error);
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, 'exit');
  server.kill('SIGKILL');
  await exited;
}

async function answers(url: string): Promise<void> {
  const redis = createRedis(url, 'commands');
  try {
    await ready(redis, START_DEADLINE_MS);
    const deadline = Date.now() + START_DEADLINE_MS;
    while ((await redis.ping().catch(() => '')) !== 'PONG') {
      if (Date.now() > deadline) throw new Error('the test Redis does not answer');
      await sleep(20);
    }
  } finally {
    redis.disconnect();
  }
}

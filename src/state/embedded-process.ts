/**
 * The process of the embedded Redis: where it lives, how it is started, found and ended.
 *
 * The server holds a kernel lock (flock) on a file beside its data for as long as it lives, so that
 * two servers can never write one AOF, whoever starts them and whatever was killed before.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, lstatSync, mkdirSync, readlinkSync, realpathSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';

/** A unix socket's path may hold 107 bytes and the zero after them. */
const SOCKET_PATH_BYTES = 107;
const PROBE_TIMEOUT_MS = 2_000;

/** Finds redis-server and becomes it. */
export const REDIS_SERVER_SCRIPT = join(import.meta.dirname, 'redis-server.sh');

const NO_SERVER = 69;
const NO_FLOCK = 73;
const LOCKED = 75;

/** Arguments: the lock file, the script, redis-server's. The lock lives as long as descriptor 9. */
const LAUNCH = `
lock=$1; server=$2; shift 2
command -v flock >/dev/null || exit ${NO_FLOCK}
exec 9>"$lock" || exit 1
flock -n 9 || exit ${LOCKED}
exec /bin/sh "$server" "$@"`;

export interface EmbeddedPlace {
  /** Absolute, mode 0700: the AOF, the log and the lock. */
  directory: string;
  socket: string;
}

/** Makes the server's directory and says where its socket is: the same for each process. */
export function preparePlace(dataDir: string): EmbeddedPlace {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const wanted = join(dataDir, 'redis');
  mkdirSync(wanted, { recursive: true, mode: 0o700 });
  chmodSync(wanted, 0o700);
  const directory = realpathSync(wanted);
  const socket = join(directory, 'redis.sock');
  return {
    directory,
    socket: Buffer.byteLength(socket) <= SOCKET_PATH_BYTES ? socket : shortSocket(directory),
  };
}

/** A short path for a directory with a long one, in a folder that nobody else can have made. */
function shortSocket(directory: string): string {
  const user = process.getuid?.() ?? 0;
  const digest = createHash('sha256').update(directory).digest('hex').slice(0, 16);
  const folder = `/tmp/mks-gateway-${user}-${digest}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const status = lstatSync(folder);
  if (!status.isDirectory() || status.uid !== user || (status.mode & 0o077) !== 0) {
    throw new Error(`${folder} belongs to somebody else or is open to others`);
  }
  return join(folder, 'redis.sock');
}

/** A server that runs, or is about to; `end` gives undefined until the process has ended. */
export interface LaunchedServer {
  end: () => { code: number | null } | undefined;
}

/** Starts a server, in a process group of its own so that Ctrl-C does not reach it. */
export async function launchServer({ directory, socket }: EmbeddedPlace): Promise<LaunchedServer> {
  const settings = {
    port: '0',
    unixsocket: socket,
    unixsocketperm: '700',
    dir: directory,
    daemonize: 'no',
    save: '',
    appendonly: 'yes',
    appendfsync: 'always',
    'maxmemory-policy': 'noeviction',
    loglevel: 'warning',
    logfile: join(directory, 'redis.log'),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const lock = join(directory, 'server.lock');
  const server = spawn('/bin/sh', ['-c', LAUNCH, 'sh', lock, REDIS_SERVER_SCRIPT, ...flags], {
    cwd: directory,
    detached: true,
    stdio: 'ignore',
  });
  server.unref();
  let end: { code: number | null } | undefined;
  server.once('exit', (code) => {
    end = { code };
  });
  await once(server, 'spawn');
  return { end: () => end };
}

/**
 * Says why a server that was launched has ended, as far as its exit code tells.
 * @returns undefined when another server holds the data: that one will answer.
 */
export function explainEnd(code: number | null, { directory }: EmbeddedPlace): string | undefined {
  switch (code) {
    case LOCKED:
      return undefined;
    case NO_SERVER:
      return 'redis-server was not found: install it (Debian and Ubuntu: the package redis-server) or set REDIS_URL';
    case NO_FLOCK:
      return 'the command flock was not found (Debian and Ubuntu: the package util-linux); or set REDIS_URL';
    default:
      return `redis-server ended at once (exit code ${code}); see ${join(directory, 'redis.log')}`;
  }
}

/** Asks the server behind a socket whether it serves. */
export function probe(socket: string): Promise<'ready' | 'loading' | 'absent'> {
  return new Promise((settle) => {
    const connection = createConnection(socket, () => connection.write('PING\r\n'));
    connection.setTimeout(PROBE_TIMEOUT_MS, () => connection.destroy());
    connection.once('data', (answer: Buffer) => {
      settle(answer.toString('latin1').startsWith('+PONG') ? 'ready' : 'loading');
      connection.destroy();
    });
    connection.once('error', () => settle('absent'));
    connection.once('close', () => settle('absent'));
  });
}

/** Whether this process is the server of this place: numbers are given again to other processes. */
export function isServer(pid: number, { directory }: EmbeddedPlace): boolean {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === directory;
  } catch {
    return false;
  }
}

/**
 * The embedded Redis: a private server under DATA_DIR for those who bring none.
 *
 * It outlives a gateway that is killed, and the next one takes it over with all its data. Gateways
 * that share DATA_DIR share it: each keeps one named connection to it, and the one that leaves last
 * shuts it down. When it dies while a gateway runs, that gateway starts it again.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createRedis, ready, type ConnectionLog } from './connection.ts';
import {
  explainEnd,
  isServer,
  launchServer,
  preparePlace,
  probe,
  type EmbeddedPlace,
  type LaunchedServer,
} from './embedded-process.ts';

export interface EmbeddedRedis {
  /** For `createRedis`. */
  url: string;
  /**
   * Lets go of the server, and ends it when no other gateway uses it. To be called when all other
   * connections to it have been closed.
   */
  stop(): Promise<void>;
}

interface EmbeddedOptions {
  dataDir: string;
  log: ConnectionLog;
}

/** How long a server may be silent; one that says that it is loading its data may take longer. */
const START_DEADLINE_MS = 30_000;
const LEAVE_DEADLINE_MS = 2_000;
const SHUTDOWN_DEADLINE_MS = 10_000;
const TERMINATE_DEADLINE_MS = 5_000;
const POLL_MS = 50;
const FIRST_PAUSE_MS = 100;
const LAST_PAUSE_MS = 5_000;

/** The names of the connections that are counted; one who leaves takes the other name first. */
const USER = 'mks-gateway';
const LEAVING = 'mks-gateway-leaving';

/**
 * Starts the embedded Redis or takes over the one that runs.
 * @throws Error that says what is missing when it cannot be started.
 */
export async function startEmbeddedRedis(options: EmbeddedOptions): Promise<EmbeddedRedis> {
  const { log } = options;
  const place = preparePlace(options.dataDir);
  const url = `unix:${place.socket.split('/').map(encodeURIComponent).join('/')}`;
  const stopping = new AbortController();

  await ensureServer(place, stopping.signal);
  const keeper = createRedis(url, 'commands', undefined, USER);
  let recovery: Promise<void> | undefined;
  keeper.on('close', () => {
    if (stopping.signal.aborted || recovery !== undefined) return;
    log.warn({}, 'the embedded Redis has gone away');
    recovery = recover(place, log, stopping.signal).finally(() => {
      recovery = undefined;
    });
  });

  async function stop(): Promise<void> {
    if (stopping.signal.aborted) return;
    stopping.abort();
    await recovery;
    try {
      if ((await probe(place.socket)) === 'absent') return;
      await ready(keeper, LEAVE_DEADLINE_MS);
      const [, pid = '0'] = /^process_id:(\d+)/m.exec(await keeper.info('server')) ?? [];
      await keeper.client('SETNAME', LEAVING);
      if (String(await keeper.client('LIST')).includes(` name=${USER} `)) return;
      // It never answers: the connection closes instead.
      await keeper.shutdown('NOSAVE').catch(() => undefined);
      await awaitEnd(Number(pid), place, log);
    } catch (error) {
      log.warn({ fault: String(error) }, 'the embedded Redis is left to the next gateway');
    } finally {
      keeper.disconnect();
    }
  }

  try {
    await ready(keeper, START_DEADLINE_MS);
  } catch (error) {
    stopping.abort();
    keeper.disconnect();
    throw error;
  }
  return { url, stop };
}

/**
 * Returns when the server of this place serves, started by us or by another. The signal ends the
 * wait, but not for a server that was started here: that one would be left to nobody.
 */
async function ensureServer(place: EmbeddedPlace, signal: AbortSignal): Promise<void> {
  let deadline = Date.now() + START_DEADLINE_MS;
  let server: LaunchedServer | undefined;
  while (!signal.aborted || server !== undefined) {
    const state = await probe(place.socket);
    if (state === 'ready') return;
    if (state === 'loading') deadline = Date.now() + START_DEADLINE_MS;
    const end = server?.end();
    if (end !== undefined) {
      const reason = explainEnd(end.code, place);
      if (reason !== undefined) throw new Error(`the embedded Redis cannot be started: ${reason}`);
      // Another gateway is starting or ending one: look again, and try again.
      server = undefined;
    } else if (state === 'absent') {
      server ??= await launchServer(place);
    }
    if (Date.now() > deadline) throw new Error('the embedded Redis runs but does not answer');
    await sleep(POLL_MS);
  }
}

/** Starts a server that died again, until it runs or the gateway ends. */
async function recover(
  place: EmbeddedPlace,
  log: ConnectionLog,
  signal: AbortSignal,
): Promise<void> {
  for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted;) {
    try {
      await ensureServer(place, signal);
      log.info({}, 'the embedded Redis is back');
      return;
    } catch (error) {
      log.warn({ fault: String(error) }, 'the embedded Redis could not be started again');
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS);
  }
}

/** Waits for the server to end after its shutdown, and asks less politely when it does not. */
async function awaitEnd(pid: number, place: EmbeddedPlace, log: ConnectionLog): Promise<void> {
  if (await hasEnded(pid, place, SHUTDOWN_DEADLINE_MS)) return;
  log.warn({}, 'the embedded Redis does not shut down: SIGTERM');
  process.kill(pid, 'SIGTERM');
  if (await hasEnded(pid, place, TERMINATE_DEADLINE_MS)) return;
  log.warn({}, 'the embedded Redis does not end; the next gateway will take it over');
}

async function hasEnded(pid: number, place: EmbeddedPlace, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isServer(pid, place)) {
    if (Date.now() > deadline) return false;
    await sleep(POLL_MS);
  }
  return true;
}

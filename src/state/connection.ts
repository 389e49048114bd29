/**
 * Connections to Redis, and the one rule for what their failures mean.
 *
 * A connection never throws out of the blue and never queues a command for later: what cannot be
 * done now fails now, because a message to MKS must not leave before its reference is recorded.
 */
import { Redis, type RedisOptions } from 'ioredis';
import { StateUnavailableError } from './errors.ts';
import { parseRedisUrl } from './redis-url.ts';

/**
 * `commands`: fails fast, for everything that somebody waits for; `bulk`: the same with more
 * patience, for large answers, behind which no small command may have to wait; `counting`: faster still, for what
 * can be done without; `blocking`: waits for as long as it takes, as BullMQ's workers need;
 * `subscriber`: listens, and subscribes again by itself.
 */
export type RedisRole = 'commands' | 'bulk' | 'counting' | 'blocking' | 'subscriber';

/** The part of a pino logger that a connection speaks to. */
export interface ConnectionLog {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

const CONNECT_TIMEOUT_MS = 2_000;
const COMMAND_TIMEOUT_MS = 2_500;
const BULK_TIMEOUT_MS = 10_000;
const COUNTING_TIMEOUT_MS = 500;
const PING_INTERVAL_MS = 2_000;
const KEEP_ALIVE_MS = 10_000;
const FIRST_RECONNECT_MS = 50;
const LAST_RECONNECT_MS = 1_000;

const SHARED: RedisOptions = {
  connectTimeout: CONNECT_TIMEOUT_MS,
  keepAlive: KEEP_ALIVE_MS,
  disableClientInfo: true,
  retryStrategy: reconnectDelay,
  sentinelRetryStrategy: reconnectDelay,
  // After a failover the old master may live on as a replica; only a new look-up finds the master.
  reconnectOnError: (error) => error.message.startsWith('READONLY'),
};

const FAIL_FAST: RedisOptions = {
  commandTimeout: COMMAND_TIMEOUT_MS,
  enableOfflineQueue: false,
  // 0 and not 1: with resending switched off, ioredis forgets commands that were under way when the
  // connection broke unless it may flush them at that very moment.
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
};

const BY_ROLE: Record<RedisRole, RedisOptions> = {
  commands: FAIL_FAST,
  bulk: { ...FAIL_FAST, commandTimeout: BULK_TIMEOUT_MS },
  counting: { ...FAIL_FAST, commandTimeout: COUNTING_TIMEOUT_MS },
  blocking: { maxRetriesPerRequest: null },
  subscriber: { maxRetriesPerRequest: null },
};

/**
 * Opens a connection that keeps itself open: it reconnects after 50 ms, growing to 1 s.
 * @param url see `parseRedisUrl`.
 * @param log told once when the connection is lost and once when it is there again.
 * @param name by which the server's CLIENT LIST shows the connection.
 * @throws Error when the address cannot be read; never because Redis is away.
 */
export function createRedis(
  url: string,
  role: RedisRole,
  log?: ConnectionLog,
  name?: string,
): Redis {
  const options = { ...SHARED, ...BY_ROLE[role], ...parseRedisUrl(url) };
  const Connection = role === 'commands' ? OneWriteRedis : Redis;
  const redis = new Connection(name === undefined ? options : { ...options, connectionName: name });
  // A blocking connection does not answer pings while it waits; BullMQ looks after its own.
  if (role !== 'blocking') leaveVanished(redis);
  let lost = false;
  let lastFault = 'connection closed';
  const onLoss = (): void => {
    if (lost) return;
    lost = true;
    log?.warn({ role, fault: lastFault }, 'Redis connection lost');
  };
  redis.on('error', (error: Error) => {
    lastFault = error.message;
    onLoss();
  });
  redis.on('reconnecting', onLoss);
  redis.on('ready', () => {
    if (lost) log?.info({ role }, 'Redis connection restored');
    lost = false;
    lastFault = 'connection closed';
  });
  return redis;
}

/**
 * Sends what is asked in one turn of the event loop with one write, in the order in which it was asked: one round trip
 * for what belongs together, and for what many ask at once.
 *
 * Not ioredis' `enableAutoPipelining`, which sends no second pipeline while one is under way.
 */
class OneWriteRedis extends Redis {
  #isHeld = false;

  override sendCommand(...command: Parameters<Redis['sendCommand']>): unknown {
    this.#hold();
    return super.sendCommand(...command);
  }

  #hold(): void {
    // Not there before the first connection, whatever its type says.
    const { stream } = this as { stream?: Redis['stream'] };
    if (this.#isHeld || stream?.writable !== true) return;
    this.#isHeld = true;
    stream.cork();
    setImmediate(() => {
      this.#isHeld = false;
      stream.uncork();
    });
  }
}

/**
 * Gives a connection up whose peer has vanished: TCP would take a quarter of an hour to notice.
 *
 * ioredis has `socketTimeout` for this, but its timer outlives the connection that it was set for
 * and then breaks the next one.
 */
function leaveVanished(redis: Redis): void {
  let unanswered = false;
  const answered = (): void => {
    unanswered = false;
  };
  const timer = setInterval(() => {
    if (redis.status !== 'ready') return;
    if (unanswered) {
      redis.disconnect(true);
    } else {
      unanswered = true;
      redis.ping().then(answered, answered);
    }
  }, PING_INTERVAL_MS).unref();
  redis.on('close', answered);
  redis.once('end', () => clearInterval(timer));
}

/**
 * Waits until the connection takes commands.
 * @throws StateUnavailableError when it does not within `timeoutMs`.
 */
export async function ready(redis: Redis, timeoutMs = 5_000): Promise<void> {
  if (redis.status === 'ready') return;
  await new Promise<void>((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(timer);
      redis.off('ready', settle);
      redis.off('end', settle);
      if (redis.status === 'ready') resolve();
      else reject(new StateUnavailableError(new Error(`Redis is not ready: ${redis.status}`)));
    };
    const timer = setTimeout(settle, timeoutMs);
    redis.on('ready', settle);
    redis.on('end', settle);
  });
}

/**
 * Passes a Redis operation's result on and makes its failures plain.
 * @throws StateUnavailableError when Redis could not be reached, did not answer in time or could
 *   not serve (loading, read only, out of memory, …); any other failure as it is. The commands'
 *   arguments, which ioredis hangs on its errors, are taken off: they may be logged.
 */
export async function stateful<T>(operation: Promise<T>): Promise<T> {
  try {
    return await operation;
  } catch (error) {
    if (error instanceof Error && 'command' in error) delete error.command;
    throw isUnavailability(error) ? new StateUnavailableError(error) : error;
  }
}

/** Replies of a Redis that is there but cannot do its work; in Lua's errors they stand after `-`. */
const CANNOT_SERVE =
  /(?:^|-)(?:LOADING|READONLY|MISCONF|OOM|MASTERDOWN|NOREPLICAS|CLUSTERDOWN|BUSY|NOAUTH|WRONGPASS|NOPERM|ERR max number of clients)\b/;

/** What ioredis says, without an error code, when there is no connection or no answer. */
const CONNECTION_FAULT =
  /^(?:Command timed out|Connection is closed\.|Stream isn't writeable|Socket timeout|connect ETIMEDOUT|All sentinels are unreachable|Ready check failed)/;

const CONNECTION_ERROR_NAMES = ['MaxRetriesPerRequestError', 'AbortError', 'InterruptError'];

function isUnavailability(error: unknown): boolean {
  if (!(error instanceof Error) || error instanceof StateUnavailableError) return false;
  if (error.name === 'ReplyError') return CANNOT_SERVE.test(error.message);
  if (CONNECTION_ERROR_NAMES.includes(error.name)) return true;
  if ('syscall' in error) return true;
  return CONNECTION_FAULT.test(error.message);
}

function reconnectDelay(attempt: number): number {
  return Math.min(FIRST_RECONNECT_MS * 2 ** Math.min(attempt - 1, 10), LAST_RECONNECT_MS);
}

/** The connections to Redis, one for each kind of use, and where they lead. */
import type { Logger } from 'pino';
import { createRedis, ready } from './connection.ts';
import { startEmbeddedRedis } from './embedded.ts';

/**
 * Opens them; the server of the embedded one is started if there is no other.
 * @param ends takes what is to be ended, in the order of its making.
 * @throws when the embedded server does not start.
 */
export async function openState(
  { redisUrl, dataDir }: { redisUrl?: string; dataDir: string },
  log: Logger,
  ends: (() => unknown)[],
) {
  let url = redisUrl;
  if (url === undefined) {
    const embedded = await startEmbeddedRedis({ dataDir, log });
    ends.push(() => embedded.stop());
    url = embedded.url;
  }
  const redis = {
    commands: createRedis(url, 'commands', log),
    // Large answers, so that no small command has to wait behind one.
    bulk: createRedis(url, 'bulk', log),
    blocking: createRedis(url, 'blocking', log),
    subscriber: createRedis(url, 'subscriber', log),
    counting: createRedis(url, 'counting', log),
  };
  ends.push(() => Object.values(redis).forEach((connection) => connection.disconnect()));
  // Redis may be away at the start: the gateway comes up and says so until it returns.
  await ready(redis.commands).catch(() => log.warn('Redis cannot be reached yet'));
  return redis;
}

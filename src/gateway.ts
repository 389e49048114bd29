/** The gateway's parts put together: state, egress adapter, desk and HTTP edge, and their end. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { buildApp } from './app.ts';
import type { Configuration } from './config.ts';
import type { Clock } from './lib/clock.ts';
import { resultCodes } from './mks/codes.ts';
import { createServiceHours } from './mks/hours.ts';
import { createMks } from './mks/index.ts';
import { catalogue } from './mks/services/catalogue.ts';
import { createDesk } from './reports/desk.ts';
import { createRedis, ready, stateful } from './state/connection.ts';
import { startEmbeddedRedis } from './state/embedded.ts';
import { createKeys } from './state/keys.ts';
import { createSealer, createSealingKeys } from './state/sealing.ts';

export interface Gateway {
  /** Where it listens, e.g. `http://127.0.0.1:3000`. */
  url: string;
  /**
   * Takes no new work, answers those who wait, lets go of the rest and frees the port; done within
   * about 20 seconds whether Redis answers or not.
   */
  close(): Promise<void>;
}

/** Answers under way may end by themselves for this long. */
const DRAIN_MS = 10_000;
/** Runs under way may put their reports back for this long. */
const DESK_CLOSE_MS = 5_000;

/** @throws when the port is taken, the spool cannot be made or the embedded Redis does not start. */
export async function startGateway(
  { config, credentials, clients }: Configuration,
  clock: Clock,
  log: Logger,
): Promise<Gateway> {
  const shutdown = new AbortController();
  const embedded =
    config.redisUrl === undefined
      ? await startEmbeddedRedis({ dataDir: config.dataDir, log })
      : undefined;
  const url = embedded?.url ?? config.redisUrl ?? '';
  const redis = {
    commands: createRedis(url, 'commands', log),
    blocking: createRedis(url, 'blocking', log),
    subscriber: createRedis(url, 'subscriber', log),
  };
  // Redis may be away at the start: the gateway comes up and says so until it returns.
  await ready(redis.commands).catch(() => log.warn('Redis cannot be reached yet'));

  const keys = createKeys();
  const currentCredentials = () => credentials;
  const sealer = createSealer(createSealingKeys(currentCredentials, clock));
  const members = () => [...credentials.members.keys()];
  const mks = createMks({
    config,
    credentials: currentCredentials,
    redis: redis.commands,
    keys,
    sealer,
    stateful,
    clock,
    log,
  });
  const hours = createServiceHours(config.serviceHours, clock);
  const { desk, passThrough } = await createDesk({
    mks,
    hours,
    members,
    redis,
    keys,
    sealer,
    clock,
    log,
    options: {
      ...config,
      spoolFolder: join(config.dataDir, 'spool'),
      retentionMs: config.reportRetentionMs,
    },
  });
  const app = await buildApp(config, {
    desk,
    passThrough,
    hours,
    services: catalogue,
    resultCodes,
    clients: () => clients,
    members,
    clock,
    log,
    health: () => checkHealth(redis.commands),
    shutdown: shutdown.signal,
  });
  const address = await app.listen({ host: config.host, port: config.port });

  return {
    url: address,
    async close() {
      shutdown.abort();
      await within(DRAIN_MS, app.close());
      await desk.close(DESK_CLOSE_MS);
      await within(1_000, mks.close());
      for (const connection of Object.values(redis)) connection.disconnect();
      await embedded?.stop();
    },
  };
}

async function checkHealth(redis: Redis) {
  const state = await stateful(redis.set(`health:${randomUUID()}`, '', 'PX', 1)).then(
    () => ({ ok: true }),
    (error: Error) => ({ ok: false, detail: error.message }),
  );
  return { redis: state };
}

/** Waits for a promise, but no longer than `limitMs`; its failure is its own affair by then. */
async function within(limitMs: number, promise: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([promise.catch(() => undefined), limit]);
  clearTimeout(timer);
}

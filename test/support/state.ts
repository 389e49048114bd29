/** One real Redis for a test file; each test has a connection and key names of its own. */
import { randomUUID } from 'node:crypto';
import { after } from 'node:test';
import type { Redis } from 'ioredis';
import type { Cleanup } from './cleanup.ts';
import { createRedis, ready } from '../../src/state/connection.ts';
import { createKeys, type Keys } from '../../src/state/keys.ts';
import { startRedis } from './redis.ts';

export interface TestState {
  redis: Redis;
  /** For further connections. */
  url: string;
  keys: Keys;
  /** What all keys of the test start with. */
  prefix: string;
}

/** Starts the file's Redis; it ends after the file's last test. */
export async function startState(): Promise<(t: Cleanup) => Promise<TestState>> {
  const server = await startRedis({ after: (end) => after(end as () => Promise<void>) }, [
    '--appendfsync',
    'no',
  ]);
  return async (t) => {
    const redis = createRedis(server.url, 'commands');
    t.after(() => redis.disconnect());
    await ready(redis);
    const prefix = `test-${randomUUID()}:`;
    return { redis, url: server.url, prefix, keys: createKeys(prefix) };
  };
}

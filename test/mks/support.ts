/** The adapter over the Redis of the test file, which ends after the file's last test. */
import { after, type TestContext } from 'node:test';
import { setUpMks, type Setting, type SettingOptions } from '../support/mks.ts';
import { startRedis } from '../support/redis.ts';

export * from '../support/mks.ts';

export const redisOfFile = await startRedis({ after: (end) => after(end as () => Promise<void>) });

export function setUp(t: TestContext, options: Partial<SettingOptions> = {}): Promise<Setting> {
  return setUpMks(t, { redis: redisOfFile, ...options });
}

/** The first line of the log tells the configuration, and no secret of it. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { loadConfiguration } from '../../src/config.ts';
import { summaryOf } from '../../src/config/summary.ts';
import { clock, createFolder, PASSWORD } from './support.ts';

const redis: [url: string | undefined, told: string][] = [
  [undefined, 'embedded'],
  ['rediss://gateway:hush@redis.internal', 'redis.internal:6379'],
  ['redis+sentinel://u:hush@a:1,b/main', 'main of a:1, b:26379'],
];

for (const [url, told] of redis) {
  test(`Redis is told as ${told}`, (t) => {
    const { env } = createFolder(t);
    const configuration = loadConfiguration(
      { ...env, ...(url !== undefined && { REDIS_URL: url }), MKS_LINE: 'exchange' },
      clock,
    );
    const summary = summaryOf(configuration);
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    assert.deepEqual(summary, {
      version,
      environment: 'test',
      line: 'exchange',
      mks: 'https://apitest.mkk.com.tr',
      members: ['TIB'],
      redis: told,
      dataDir: env['DATA_DIR'],
    });
    assert.ok(!JSON.stringify(summary).includes('hush'));
    assert.ok(!JSON.stringify(summary).includes(PASSWORD));
  });
}

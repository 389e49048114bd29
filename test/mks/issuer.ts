/** A process that issues references as fast as it can: `issuer.ts URL PREFIX COUNT`, one a line. */
import { pino } from 'pino';
import { createReferences } from '../../src/mks/reference.ts';
import { createRedis, ready, stateful } from '../../src/state/connection.ts';
import { createKeys } from '../../src/state/keys.ts';

const [url = '', prefix = '', count = '0'] = process.argv.slice(2);
const BATCH = 500;

const redis = createRedis(url, 'commands');
await ready(redis);
const log = pino({ level: 'silent' });
const references = createReferences({ redis, keys: createKeys(prefix), stateful, log });
const purpose = { memberCode: 'TIB', service: 's', fingerprints: ['f'], durationMs: 1000 };
for (let issued = 0; issued < Number(count); issued += BATCH) {
  const batch = await Promise.all(
    Array.from({ length: BATCH }, () => references.issue(purpose, 'GW')),
  );
  process.stdout.write(batch.map(({ open }) => `${open.senderReference}\n`).join(''));
}
redis.disconnect();

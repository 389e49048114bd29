/**
 * A process that issues references as fast as it can until it is killed, for one member after the other, and prints a line
 * `MEMBER REFERENCE` for each: `issuer.ts URL PREFIX MEMBERS`. Where Redis is away it tries again; any other failure
 * ends it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { createReferences } from '../../src/mks/reference.ts';
import { createRedis, ready, stateful } from '../../src/state/connection.ts';
import { StateUnavailableError } from '../../src/state/errors.ts';
import { createKeys } from '../../src/state/keys.ts';

const [url = '', prefix = '', members = '1'] = process.argv.slice(2);
const BATCH = 250;
const AWAY_MS = 20;

const redis = createRedis(url, 'commands');
await ready(redis).catch(ifUnavailable);
const log = pino({ level: 'silent' });
const references = createReferences({ redis, keys: createKeys(prefix), stateful, log });

for (let member = 0; ; member = (member + 1) % Number(members)) {
  const purpose = { memberCode: `M${member}`, service: 's', fingerprints: ['f'], durationMs: 1000 };
  const batch = await Promise.all(
    Array.from({ length: BATCH }, () => references.issue(purpose, 'GW').catch(ifUnavailable)),
  );
  const issued = batch.filter((each) => each !== undefined);
  const text = issued.map(({ open }) => `${open.memberCode} ${open.senderReference}\n`).join('');
  if (text !== '' && !process.stdout.write(text)) {
    await new Promise((resolve) => process.stdout.once('drain', resolve));
  }
  if (issued.length < BATCH) await sleep(AWAY_MS);
}

function ifUnavailable(error: unknown): undefined {
  if (!(error instanceof StateUnavailableError)) throw error;
}

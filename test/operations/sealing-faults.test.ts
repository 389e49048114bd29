/** Whether the sealing keys are those that sealed, told by a few things of each kind. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import { pino } from 'pino';
import { findSealingFaults, watchSealing } from '../../src/operations/sealing-faults.ts';
import { checksFolder } from '../../src/reconciliation/kept/names.ts';
import { createCheckRecords, type CheckSaid } from '../../src/reconciliation/kept/records.ts';
import { createReportSecrets } from '../../src/reports/secrets.ts';
import { createRedis, ready } from '../../src/state/connection.ts';
import { createKeys } from '../../src/state/keys.ts';
import { createSealer } from '../../src/state/sealing.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startRedis } from '../support/redis.ts';
import { sealingSecret } from '../support/sealing.ts';
import { startState } from '../support/state.ts';

const stateOf = await startState();
const [first, second] = [sealingSecret('first'), sealingSecret('second')];
const sealerOf = (...secrets: (typeof first)[]) => createSealer(() => secrets);

test('of many reports the oldest and the newest are opened, whatever they are in between', async (t) => {
  const { redis, keys } = await stateOf(t);
  const dataDir = await temporaryFolder();
  const seal = async (number: number, by: typeof first) => {
    const id = `r${number}`;
    const secret = createReportSecrets(sealerOf(by)).make('TIB', id);
    await redis.hset(keys.report(id), 'secret', secret);
    await redis.zadd(keys.reportIndex('TIB'), number, id);
  };
  for (let number = 0; number < 20; number += 1) await seal(number, number < 3 ? first : second);
  const look = (...present: (typeof first)[]) =>
    findSealingFaults({
      redis,
      keys,
      dataDir,
      sealer: sealerOf(...present),
      members: () => ['TIB'],
    });
  assert.deepEqual(await look(second, first), []);
  assert.deepEqual(await look(second), [{ keyId: 'first', fault: 'missing', found: 3 }]);
  assert.deepEqual(await look(first), [{ keyId: 'second', fault: 'missing', found: 7 }]);
  const impostor = { ...sealingSecret(), id: 'second' };
  assert.deepEqual(await look(impostor, first), [{ keyId: 'second', fault: 'other', found: 7 }]);
  // One that was altered is no fault of its key's.
  await redis.hset(keys.report('r0'), 'secret', 'v2.first.AAAA');
  assert.deepEqual(await look(second, first), []);
});

test('kept checks of ledgers are tried too', async (t) => {
  const { redis, keys } = await stateOf(t);
  const dataDir = await temporaryFolder();
  const folder = checksFolder(dataDir);
  const log = pino({ level: 'silent' });
  const records = createCheckRecords({
    folder,
    isDue: () => false,
    sealer: sealerOf(first),
    log,
  });
  const [ledgerTag = ''] = records.ledgerTags('TIB', 'back-office');
  const [filtersTag = ''] = records.filtersTags('TIB', {});
  await records.prepare('TIB');
  for (let createdAt = 1; createdAt <= 12; createdAt += 1) {
    const name = { createdAt, processDate: '20250505', ledgerTag, filtersTag, id: randomUUID() };
    await records.write({ member: 'TIB', name }, {} as CheckSaid, Buffer.alloc(32));
  }
  const look = (present: typeof first) =>
    findSealingFaults({
      redis,
      keys,
      dataDir,
      sealer: sealerOf(present),
      members: () => ['TIB', 'AKY'],
    });
  assert.deepEqual(await look(first), []);
  assert.deepEqual(await look(second), [{ keyId: 'first', fault: 'missing', found: 10 }]);
});

test('a look while Redis is away is let be', async (t) => {
  const server = await startRedis(t);
  const redis = createRedis(server.url, 'commands');
  t.after(() => redis.disconnect());
  await ready(redis);
  const logged: string[] = [];
  const look = watchSealing({
    redis,
    keys: createKeys('test:'),
    dataDir: await temporaryFolder(),
    sealer: sealerOf(first),
    members: () => ['TIB'],
    log: pino({ level: 'debug' }, { write: (line: string) => void logged.push(line) }),
  });
  await look();
  assert.deepEqual(logged, []);
  await server.kill();
  await look();
  assert.equal(logged.length, 1);
  assert.match(logged[0] ?? '', /"level":20.*StateUnavailableError.*could not be tried/);
});

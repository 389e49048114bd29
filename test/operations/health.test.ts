/** Health checks: what they see of a real Redis and a real folder, and that none holds up the rest. */
import assert from 'node:assert/strict';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import type { Member } from '../../src/lib/credentials.ts';
import { createHealth, membersCheck, redisCheck, spoolCheck } from '../../src/operations/health.ts';
import { createRedis, ready } from '../../src/state/connection.ts';
import { createKeys } from '../../src/state/keys.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeIdentity } from '../support/identities.ts';
import { startRedis } from '../support/redis.ts';

const identity = await makeIdentity();
const DAY_MS = 86_400_000;

test('a check that fails, or never answers, is told by name and holds up no other', async () => {
  const health = createHealth(
    {
      good: async () => ({ ok: true, detail: 'well' }),
      failing: async () => {
        throw new Error('no way');
      },
      silent: () => new Promise(() => undefined),
    },
    { now: () => 7, elapsedMs: () => 0 },
  );
  const began = performance.now();
  const { good, failing, silent } = await health();
  const tookMs = performance.now() - began;
  assert.deepEqual(good, { ok: true, detail: 'well', checkedAt: 7 });
  assert.deepEqual(failing, { ok: false, detail: 'no way', checkedAt: 7 });
  assert.equal(silent?.ok, false);
  assert.match(silent.detail ?? '', /1000 ms/);
  assert.ok(tookMs >= 990 && tookMs < 2_500, `${tookMs} ms`);
});

test('many who ask share one look, which is made anew after a quarter of a second', async () => {
  let [elapsedMs, looks] = [0, 0];
  const health = createHealth(
    { counted: async () => ({ ok: (looks += 1) > 0 }) },
    { now: () => elapsedMs, elapsedMs: () => elapsedMs },
  );
  await Promise.all([health(), health(), health()]);
  elapsedMs = 249;
  assert.equal((await health())['counted']?.checkedAt, 0, 'with its age');
  assert.equal(looks, 1);
  elapsedMs = 250;
  assert.equal((await health())['counted']?.checkedAt, 250);
  assert.equal(looks, 2);
});

test('a Redis that answers but takes no writes is not well', async (t) => {
  const server = await startRedis(t);
  const redis = createRedis(server.url, 'commands');
  t.after(() => redis.disconnect());
  await ready(redis);
  const check = redisCheck(redis, createKeys('test:'));
  assert.deepEqual(await check(), { ok: true });
  await redis.config('SET', 'min-replicas-to-write', '1');
  assert.equal(await redis.ping(), 'PONG');
  await assert.rejects(check());
  await redis.config('SET', 'min-replicas-to-write', '0');
  assert.deepEqual(await check(), { ok: true });
  await server.kill();
  await assert.rejects(check());
});

test('a folder that takes a file is well, with the room that is left, and keeps nothing', async () => {
  const folder = join(await temporaryFolder(), 'spool');
  const check = spoolCheck(folder);
  const missing = await check();
  assert.deepEqual(missing, { ok: false, detail: 'the spool cannot be written to: ENOENT' });
  await mkdir(folder);
  const { ok, detail = '' } = await check();
  assert.equal(ok, true);
  assert.match(detail, /^[1-9]\d* MiB free$/);
  assert.deepEqual(await readdir(folder), []);
  await rm(folder, { recursive: true });
  await writeFile(folder, 'a file in its place');
  assert.equal((await check()).ok, false);
});

test('one member that can sign is enough, and those that cannot are named', async () => {
  const now = Date.now();
  const member = (memberCode: string, endsAt: number): [string, Member] => [
    memberCode,
    {
      memberCode,
      userCode: 'U',
      password: 'Secret1!',
      referencePrefix: 'GW',
      identity: {
        signer: identity.signer,
        certificate: Object.create(identity.certificate, {
          validToDate: { value: new Date(endsAt) },
        }) as typeof identity.certificate,
      },
    },
  ];
  let members = new Map([member('TIB', now + DAY_MS), member('AKY', now)]);
  let refused: string[] = [];
  const check = membersCheck(
    () => ({ members, trustedCertificates: [] }),
    () => refused,
    { ...systemClock, now: () => now },
  );
  assert.deepEqual(await check(), {
    ok: true,
    detail: '1 of 2 can sign; AKY cannot sign: its certificate has expired',
  });
  refused = ['a mistake with a name in it'];
  assert.match((await check()).detail ?? '', /; changed files are refused, see the log$/);
  refused = [];
  members = new Map([member('AKY', now)]);
  assert.equal((await check()).ok, false);
  // The identity that has taken over counts, not the one before it.
  const [, old] = member('AKY', now);
  const [, next] = member('AKY', now + DAY_MS);
  members = new Map([['AKY', { ...old, next: { ...next.identity, validFrom: now } }]]);
  assert.deepEqual(await check(), { ok: true, detail: '1 of 1 can sign' });
});

/** What an earlier signing key sealed stays readable, also for a process that never had that key. */
import assert from 'node:assert/strict';
import { generateKeyPairSync, randomUUID, X509Certificate, type KeyObject } from 'node:crypto';
import { after, test, type TestContext } from 'node:test';
import { pino } from 'pino';
import type { Credentials, Member, SigningIdentity } from '../../src/lib/credentials.ts';
import { createRedis, ready } from '../../src/state/connection.ts';
import { createKeyRing } from '../../src/state/key-ring.ts';
import { createKeys } from '../../src/state/keys.ts';
import { createSealer, SealError } from '../../src/state/sealing.ts';
import { identity } from '../config/support.ts';
import { startRedis } from '../support/redis.ts';

const DAY_MS = 86_400_000;
const redisOfFile = await startRedis({ after: (end) => after(end as () => Promise<void>) });
const [first, second, third] = [newKey(), newKey(), newKey()];

function newKey(): SigningIdentity {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return signer(privateKey);
}

/** Sealing looks at keys alone, so any certificate will do. */
function signer(privateKey: KeyObject): SigningIdentity {
  return { privateKey, certificate: new X509Certificate(identity.der) };
}

async function setUp(t: TestContext) {
  const redis = createRedis(redisOfFile.url, 'commands');
  t.after(() => redis.disconnect());
  await ready(redis);
  const keys = createKeys(`${randomUUID()}:`);
  const time = { now: Date.now() };
  const clock = { now: () => time.now, elapsedMs: () => performance.now() };
  /** A process with these keys; `swap` gives it others. */
  async function start(present: SigningIdentity, next?: Member['next']) {
    let credentials: Credentials;
    const configure = (one: SigningIdentity, other?: Member['next']): void => {
      const member: Member = {
        memberCode: 'TIB',
        userCode: 'TIB991',
        password: 'unused',
        referencePrefix: 'GW',
        identity: one,
        ...(other !== undefined && { next: other }),
      };
      credentials = { members: new Map([['TIB', member]]), trustedCertificates: [] };
    };
    configure(present, next);
    const log = pino({ level: 'silent' });
    const ring = createKeyRing({ redis, keys, credentials: () => credentials, clock, log });
    t.after(() => ring.close());
    await ring.refresh();
    const sealer = createSealer(ring.keysOf);
    return {
      seal: (text: string) => sealer.seal('TIB', 'test', text),
      open: (sealed: string) => sealer.open('TIB', 'test', sealed).toString(),
      prints: () => sealer.fingerprints('TIB', 'test', 'text'),
      refresh: () => ring.refresh(),
      async swap(one: SigningIdentity, other?: Member['next']) {
        configure(one, other);
        await ring.refresh();
      },
    };
  }
  return { start, time, redis, name: keys.sealingKeys('TIB') };
}

test('a key that is exchanged in place opens what it sealed, here and after a restart', async (t) => {
  const { start } = await setUp(t);
  const process = await start(first);
  const [old, print] = [process.seal('old'), process.prints()[0]];
  await process.swap(second);
  assert.equal(process.open(old), 'old');
  assert.notEqual(process.seal('new').split('.')[1], old.split('.')[1]);
  assert.equal(process.prints()[1], print);
  const later = await start(second);
  assert.equal(later.open(old), 'old');
  assert.equal(later.open(process.seal('new')), 'new');
  await later.swap(third);
  assert.equal((await start(third)).open(old), 'old', 'over two changes');
});

test('a key that `next` has followed opens what it sealed after it has left the file', async (t) => {
  const { start, time } = await setUp(t);
  const process = await start(first, { ...second, validFrom: time.now + 1_000 });
  const old = process.seal('old');
  time.now += 1_000;
  const fresh = process.seal('new');
  assert.notEqual(fresh.split('.')[1], old.split('.')[1]);
  await process.refresh();
  const later = await start(second);
  assert.equal(later.open(old), 'old');
  assert.equal(later.open(fresh), 'new');
});

test('no key rests under an earlier one, nor in clear', async (t) => {
  const { start, time, redis, name } = await setUp(t);
  const process = await start(first, { ...second, validFrom: time.now + 1_000 });
  assert.deepEqual(await redis.hgetall(name), {});
  time.now += 1_000;
  const fresh = process.seal('new');
  await process.refresh();
  const stored = Object.values(await redis.hgetall(name));
  assert.equal(stored.length, 1);
  assert.equal(stored[0]?.split(' ')[1]?.split('.')[1], fresh.split('.')[1]);
  const thief = await start(first);
  assert.throws(() => thief.open(fresh), SealError);
});

test('an earlier key is kept for a month from when it was last configured', async (t) => {
  const { start, time, redis, name } = await setUp(t);
  const process = await start(first);
  const old = process.seal('old');
  await process.swap(second);
  time.now += 30 * DAY_MS;
  assert.equal((await start(second)).open(old), 'old');
  time.now += 2 * DAY_MS;
  const later = await start(second);
  assert.throws(() => later.open(old), SealError);
  assert.deepEqual(await redis.hgetall(name), {});
});

test('a member that is taken out has no keys, and has them again when it returns', async (t) => {
  const { redis, name } = await setUp(t);
  const keys = createKeys(name.replace(/sealing-keys:TIB$/, ''));
  const member: Member = {
    memberCode: 'TIB',
    userCode: 'TIB991',
    password: 'unused',
    referencePrefix: 'GW',
    identity: first,
  };
  const members = new Map([['TIB', member]]);
  const ring = createKeyRing({
    redis,
    keys,
    credentials: () => ({ members, trustedCertificates: [] }),
    clock: { now: () => Date.now(), elapsedMs: () => 0 },
    log: pino({ level: 'silent' }),
  });
  t.after(() => ring.close());
  await ring.refresh();
  members.delete('TIB');
  assert.deepEqual(ring.keysOf('TIB'), []);
  members.set('TIB', { ...member, identity: second });
  assert.equal(ring.keysOf('TIB').length, 2);
});

test('while Redis is away the keys at hand serve', async (t) => {
  const server = await startRedis(t);
  const redis = createRedis(server.url, 'commands');
  t.after(() => redis.disconnect());
  await ready(redis);
  await server.kill();
  const member = { memberCode: 'TIB', userCode: 'TIB991', password: '', referencePrefix: 'GW' };
  let members = new Map([['TIB', { ...member, identity: first }]]);
  const ring = createKeyRing({
    redis,
    keys: createKeys('x:'),
    credentials: () => ({ members, trustedCertificates: [] }),
    clock: { now: () => Date.now(), elapsedMs: () => 0 },
    log: pino({ level: 'silent' }),
  });
  t.after(() => ring.close());
  await ring.refresh();
  const sealer = createSealer(ring.keysOf);
  const old = sealer.seal('TIB', 'test', 'old');
  members = new Map([['TIB', { ...member, identity: second }]]);
  const refreshed = ring.refresh();
  assert.equal(sealer.open('TIB', 'test', old).toString(), 'old', 'at once');
  await refreshed;
  await server.restart();
  await ready(redis);
  await ring.refresh();
  assert.equal(await redis.hlen('x:sealing-keys:TIB'), 1);
});

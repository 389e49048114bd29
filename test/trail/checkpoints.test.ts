/** Checkpoints: at closing and soon after each midnight, in the chain and in the log. */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { compactVerify } from 'jose';
import { systemClock } from '../../src/lib/clock.ts';
import type { Credentials, Identity } from '../../src/lib/credentials.ts';
import { createStatements } from '../../src/mks/index.ts';
import { CHECKPOINT_TYPE } from '../../src/trail/index.ts';
import { makeIdentity } from '../support/identities.ts';
import { until } from '../support/until.ts';
import { filesOf, linesOf, READ, startTrail, type Line } from './support.ts';

const identity = await makeIdentity();

function credentialsOf(...identities: Identity[]): Credentials {
  const members = identities.map((each, index) => {
    const memberCode = `TI${index}`;
    const member = {
      memberCode,
      userCode: `${memberCode}991`,
      password: '',
      referencePrefix: 'GW',
    };
    return [memberCode, { ...member, identity: each }] as const;
  });
  return { members: new Map(members), trustedCertificates: [] };
}

const signer = (credentials: Credentials) =>
  createStatements(CHECKPOINT_TYPE, () => credentials, systemClock);

function checkpointsOf(folder: string): Line[] {
  return filesOf(folder)
    .flatMap(linesOf)
    .filter(({ action }) => action === 'checkpoint');
}

/** Minutes pass when they are told to, with their timers; `skip` lets time pass without any. */
function shortBeforeMidnight(t: TestContext) {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let now = Date.UTC(2026, 10, 27, 20, 58);
  return {
    clock: { now: () => now, elapsedMs: () => now },
    skip: (ms: number) => void (now += ms),
    async minutes(count: number) {
      for (let minute = 0; minute < count; minute += 1) {
        now += 60_000;
        t.mock.timers.tick(60_000);
        await sleep(2);
      }
    },
  };
}

test('at closing the head is signed with a member’s key', async (t) => {
  const trail = await startTrail(t, { sign: signer(credentialsOf(identity)) });
  await trail.record(READ);
  await trail.close(5_000);
  const [file = ''] = filesOf(trail.folder);
  const lines = linesOf(file);
  const [begun] = lines;
  const checkpoint = lines.at(-1);
  assert.deepEqual(
    lines.map(({ action }) => action),
    ['chain.begun', 'started', 'rows.read', 'stopped', 'checkpoint'],
  );
  const certificate = new X509Certificate(
    Buffer.from(String(checkpoint?.['certificate']), 'base64'),
  );
  const { payload, protectedHeader } = await compactVerify(
    String(checkpoint?.['jws']),
    certificate.publicKey,
  );
  assert.deepEqual(protectedHeader, { alg: 'RS256', typ: 'mks-trail-checkpoint+jws' });
  const { time, ...head } = JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown>;
  assert.ok(time !== undefined);
  assert.deepEqual(head, { chain: begun?.['chain'], number: 4, digest: checkpoint?.before });
  assert.equal(checkpoint?.['member'], 'TI0');
  assert.ok(trail.logLines.some((line) => line.includes(String(checkpoint?.['jws']))));
});

test('a member that cannot sign is passed over; where none can, the trail ends without one', async (t) => {
  const unfit: Identity = { fault: 'key-unusable' };
  const trail = await startTrail(t, { sign: signer(credentialsOf(unfit, identity)) });
  await trail.close(5_000);
  assert.equal(checkpointsOf(trail.folder)[0]?.['member'], 'TI1');
  const none = await startTrail(t, { sign: signer(credentialsOf(unfit)) });
  await none.close(5_000);
  assert.deepEqual(checkpointsOf(none.folder), []);
  assert.ok(none.logLines.some((line) => line.includes('without a checkpoint')));
});

test('each day has one, soon after its midnight', async (t: TestContext) => {
  const { clock, minutes, skip } = shortBeforeMidnight(t);
  const trail = await startTrail(t, { sign: signer(credentialsOf(identity)), clock });
  await trail.record(READ);
  await minutes(1);
  assert.deepEqual(checkpointsOf(trail.folder), []);
  await minutes(3);
  await until(() => checkpointsOf(trail.folder).length === 1);
  await minutes(30);
  assert.equal(checkpointsOf(trail.folder).length, 1);
  skip(86_400_000);
  await minutes(1);
  await until(() => checkpointsOf(trail.folder).length === 2);
});

test('one that could not be made is told, and made when somebody can sign again', async (t) => {
  const { clock, minutes } = shortBeforeMidnight(t);
  let credentials = credentialsOf({ fault: 'key-unusable' });
  const sign = createStatements(CHECKPOINT_TYPE, () => credentials, systemClock);
  const trail = await startTrail(t, { sign, clock });
  await trail.record(READ);
  const told = () => trail.logLines.filter((line) => line.includes('could not be made yet'));
  await minutes(10);
  await until(() => told().length > 0);
  assert.equal(told().length, 1, 'it is left alone for a quarter of an hour');
  credentials = credentialsOf(identity);
  await minutes(10);
  await until(() => checkpointsOf(trail.folder).length === 1);
});

/** Stamps in the trail: for each checkpoint, made up when the server was away, and in nobody's way. */
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { systemClock } from '../../../src/lib/clock.ts';
import { createStatements } from '../../../src/mks/index.ts';
import { proveStamp } from '../../../src/trail/stamps/token.ts';
import { checkpointId, findUnstamped } from '../../../src/trail/stamps/unstamped.ts';
import { CHECKPOINT_TYPE } from '../../../src/trail/index.ts';
import { makeIdentity } from '../../support/identities.ts';
import {
  makeAuthority,
  startStampServer,
  type StampServer,
} from '../../support/time-stamp-server.ts';
import { until } from '../../support/until.ts';
import { filesOf, linesOf, READ, startTrail, type Line, type TrailOptions } from '../support.ts';

const identity = await makeIdentity();
const authority = await makeAuthority({ key: 'ec' });

const member = { memberCode: 'TIB', userCode: 'TIB991', password: '', referencePrefix: 'GW' };
const credentials = {
  members: new Map([['TIB', { ...member, identity }]]),
  trustedCertificates: [],
};
const sign = createStatements(CHECKPOINT_TYPE, () => credentials, systemClock);

const start = (t: TestContext, server: StampServer, options: TrailOptions = {}) =>
  startTrail(t, {
    sign,
    stampSource: { url: server.url, trusted: [authority.ca] },
    ...options,
  });

function linesIn(folder: string, action: string): Line[] {
  return filesOf(folder)
    .flatMap(linesOf)
    .filter((line) => line.action === action);
}

/** Others may have the processor, and openssl is a process of its own. */
const CLOSING_MS = 60_000;

const away = (server: StampServer) => {
  server.instead = (response) => response.writeHead(503).end();
};

test('the checkpoint of the closing has its stamp, in the chain and in the log', async (t) => {
  const server = await startStampServer(t, authority);
  const trail = await start(t, server);
  await trail.record(READ);
  await trail.close(CLOSING_MS);
  const [checkpoint] = linesIn(trail.folder, 'checkpoint');
  const [stamped] = linesIn(trail.folder, 'checkpoint.stamped');
  const jws = String(checkpoint?.['jws']);
  assert.equal(stamped?.['checkpoint'], checkpointId(jws));
  const token = Buffer.from(String(stamped?.['token']), 'base64');
  const stamp = await proveStamp(token, Buffer.from(jws), [authority.ca]);
  assert.ok(Math.abs(stamp.time - Date.now()) < 60_000);
  assert.ok(trail.logLines.some((line) => line.includes(String(stamped?.['token']))));
  assert.equal(trail.unstamped(), 0);
  assert.equal(server.asked, 1);
});

test('a server that is away keeps nothing up, and the next start makes it up, once', async (t) => {
  const server = await startStampServer(t, authority);
  away(server);
  const first = await start(t, server);
  await first.record(READ);
  await first.close(CLOSING_MS);
  assert.equal(first.unstamped(), 1);
  assert.ok(first.logLines.some((line) => line.includes('could not be stamped yet')));
  assert.ok(first.logLines.some((line) => line.includes('the next start has these')));
  // It was killed while it wrote on.
  appendFileSync(filesOf(first.folder)[0] ?? '', '{"action":"checkpoint');

  server.instead = undefined;
  const second = await start(t, server, { folder: first.folder });
  await until(() => linesIn(first.folder, 'checkpoint.stamped').length === 1);
  await second.close(CLOSING_MS);
  const stamped = linesIn(first.folder, 'checkpoint.stamped').map((line) => line['checkpoint']);
  const made = linesIn(first.folder, 'checkpoint').map((line) => checkpointId(String(line['jws'])));
  assert.deepEqual(stamped, made);
  assert.equal(made.length, 2);
  const asked = server.asked;
  const third = await start(t, server, { folder: first.folder });
  await third.close(CLOSING_MS);
  assert.equal(server.asked, asked + 1, 'nothing is stamped twice');
});

test('a server that hangs holds neither acts nor the closing', async (t) => {
  const server = await startStampServer(t, authority);
  server.instead = () => undefined;
  const trail = await start(t, server);
  await trail.record(READ);
  const beganAt = performance.now();
  await trail.close(3_000);
  assert.ok(performance.now() - beganAt < 4_000);
  assert.deepEqual(
    linesIn(trail.folder, 'checkpoint.stamped'),
    [],
    'what never came is not written',
  );
  assert.equal(linesIn(trail.folder, 'checkpoint').length, 1);
});

test('it is asked again some minutes later, and told once that it is away', async (t) => {
  t.mock.timers.enable({ apis: ['setInterval'] });
  let now = Date.UTC(2026, 10, 27, 20, 58);
  const clock = { now: () => now, elapsedMs: () => now };
  const server = await startStampServer(t, authority);
  away(server);
  const trail = await start(t, server, { clock });
  await trail.record(READ);
  const minute = () => {
    now += 60_000;
    t.mock.timers.tick(60_000);
  };
  minute();
  minute();
  minute();
  await until(() => server.asked === 1 && trail.unstamped() === 1);
  await until(() => trail.logLines.some((line) => line.includes('could not be stamped yet')));
  minute();
  await trail.record(READ);
  assert.equal(server.asked, 1);
  for (let count = 0; count < 5; count += 1) minute();
  await until(() => server.asked === 2);
  server.instead = undefined;
  await until(() => {
    minute();
    return trail.unstamped() === 0;
  });
  assert.equal(linesIn(trail.folder, 'checkpoint.stamped').length, 1);
  const told = trail.logLines.filter((line) => line.includes('could not be stamped yet'));
  assert.equal(told.length, 1);
  assert.ok(trail.logLines.some((line) => line.includes('stamped again')));
});

test('what has no stamp is found however long the lines around it are, and only since a day', async (t) => {
  const server = await startStampServer(t, authority);
  away(server);
  const trail = await start(t, server);
  const fake = '{"action":"checkpoint","jws":"no"}';
  const asked = { filler: `${fake}\n${'x'.repeat(100_000)}` };
  for (let count = 0; count < 25; count += 1) await trail.record({ ...READ, asked });
  await trail.close(CLOSING_MS);
  const [file = ''] = filesOf(trail.folder);
  assert.ok(readFileSync(file).length > 2 * 1024 * 1024, 'more than one piece of it');
  const [checkpoint] = linesIn(trail.folder, 'checkpoint');
  assert.deepEqual(await findUnstamped(trail.folder, '20000101'), [checkpoint?.['jws']]);
  assert.deepEqual(await findUnstamped(trail.folder, '99990101'), []);
});

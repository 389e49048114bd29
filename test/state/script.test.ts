/** Scripts: whole files with their headers, one argument, and what they write digit by digit. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createRedis, ready } from '../../src/state/connection.ts';
import { runScript } from '../../src/state/script.ts';
import { issueReference, settleReference } from '../../src/state/scripts/references.ts';
import { refuseLogin } from '../../src/state/scripts/tokens.ts';
import { startRedis } from '../support/redis.ts';

const FOLDER = join(import.meta.dirname, '../../src/state/scripts');

test('each script tells its keys, its argument and its answer', () => {
  const names = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.lua') && !name.startsWith('includes/'),
  );
  assert.ok(names.length >= 19, names.join());
  for (const name of names) {
    const [header = ''] = readFileSync(join(FOLDER, name), 'utf8').split(/^(?:---|[^-])/m);
    for (const part of ['KEYS:', 'Argument:', 'Answer:']) {
      assert.ok(header.includes(part), `${name}: ${part}`);
    }
  }
});

test('milliseconds and texts are stored as they are, and a script that Redis forgot runs', async (t) => {
  const server = await startRedis(t);
  const redis = createRedis(server.url, 'commands');
  t.after(() => redis.disconnect());
  await ready(redis);
  const argument = {
    prefix: 'GW"\\',
    random: 'R',
    service: 'şirket/ö',
    payload: 'a\u0000b',
    sendingMs: 60_000,
    keptMs: 100_000,
    tokenEnd: '',
  };
  await redis.script('FLUSH');
  const keys = ['counter', 'record', 'token'];
  const [reference] = await runScript(redis, issueReference, keys, argument);
  assert.equal(reference, 'GW"\\1-R');
  const record = await redis.hgetall('record');
  assert.equal(record['service'], 'şirket/ö');
  assert.equal(record['payload'], 'a\u0000b');
  assert.match(record['deadline'] ?? '', /^\d{13}$/);
  const settled = { reference, attempt: 1, usedKeptMs: 1_000 };
  const none = { ...settled, attempt: 2, state: 'not-sent' as const };
  assert.equal(await runScript(redis, settleReference, ['record'], none), 0);
  const end = { ...settled, state: 'answered' as const, messageId: '1234567890123456789012' };
  assert.equal(await runScript(redis, settleReference, ['record'], end), 1);
  assert.equal(await redis.hget('record', 'messageId'), '1234567890123456789012');
  const refusal = { firstPauseMs: 60_000, longestPauseMs: 900_000, rememberedMs: 1, code: '' };
  const login = { ...refusal, fingerprints: ['one', 'two'], owner: 'o' };
  assert.equal(await runScript(redis, refuseLogin, ['refusal', 'lock'], login), 60_000);
  assert.match((await redis.hget('refusal', 'until')) ?? '', /^\d{13}$/);
  assert.equal(await redis.hget('refusal', 'fingerprint'), 'one');
  await assert.rejects(runScript(redis, issueReference, ['counter'], argument), RangeError);
});

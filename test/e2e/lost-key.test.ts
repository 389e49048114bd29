/**
 * A sealing key that is lost: what it sealed cannot be read. Nothing breaks of it: reports start over or have expired,
 * and all else goes on. While it is there, as first or as another, everything stays readable.
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test, type TestContext } from 'node:test';
import type { SandboxOptions } from '../../sandbox/index.ts';
import { pino } from 'pino';
import { newSealingKeyLine } from '../../src/config/sealing-keys.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startTestGateway } from '../support/gateway.ts';
import {
  client,
  DATE,
  environmentOf,
  problemOf,
  reportOf,
  rowsOf,
  startTestSandbox,
} from '../support/pair.ts';
import { sealingKeysFile } from '../support/sealing.ts';
import { until } from '../support/until.ts';

const OTHER_DATE = '20260303';

/** A gateway, and after `exchangeKey` the same one with another key and the same data. */
async function setUp(t: TestContext, options: SandboxOptions = {}) {
  const sandbox = await startTestSandbox(t, options);
  const keysFile = await sealingKeysFile();
  const environment = {
    ...environmentOf(sandbox),
    DATA_DIR: await temporaryFolder(),
    SEALING_KEYS_FILE: keysFile,
  };
  const told: Told[] = [];
  const log = pino({ level: 'info' }, { write: (line) => told.push(JSON.parse(line) as Told) });
  const first = await startTestGateway(t, environment, systemClock, log);
  /** @param line of the new key. */
  async function exchangeKey(line = newSealingKeyLine(Date.now())) {
    await first.close();
    told.length = 0;
    await writeFile(keysFile, line);
    const second = await startTestGateway(t, environment, systemClock, log);
    return client(second.url);
  }
  return { sandbox, keysFile, told, ...client(first.url), exchangeKey };
}

/** A line of the gateway's log. */
interface Told {
  level: number;
  msg: string;
  part?: string;
  keyId?: string;
  fault?: string;
  found?: number;
}

test('a ready report has expired, and who asks again gets a new one', async (t) => {
  const { ask, exchangeKey } = await setUp(t);
  const before = await rowsOf(await ask({ processDate: DATE }));
  const { get, ask: askAgain } = await exchangeKey();
  for (const part of ['rows', 'file']) {
    const problem = await problemOf(await get(`/balances/${before.id}/${part}`));
    assert.deepEqual([problem.slug, problem.status], ['report-expired', 410], part);
  }
  assert.equal((await reportOf(await get(`/balances/${before.id}`), 200)).state, 'ready');
  const fresh = await rowsOf(await askAgain({ processDate: DATE }));
  assert.notEqual(fresh.id, before.id);
  assert.deepEqual(fresh.rows, before.rows);
  const joined = await rowsOf(await askAgain({ processDate: DATE }));
  assert.equal(joined.id, fresh.id);
});

test('reports on their way and in turn arrive all the same', async (t) => {
  const { sandbox, ask, exchangeKey } = await setUp(t, { prepareSeconds: 1 });
  const headers = { prefer: 'respond-async' };
  const under = await reportOf(await ask({ processDate: DATE }, headers));
  const waiting = await reportOf(await ask({ processDate: OTHER_DATE }, headers));
  assert.equal(waiting.state, 'queued');
  const { get } = await exchangeKey();
  for (const { id } of [under, waiting]) {
    const response = await get(`/balances/${id}`, { prefer: 'wait=30' });
    const { state, rowCount } = await reportOf(response, 200);
    assert.deepEqual([state, rowCount], ['ready', 50]);
    assert.equal((await rowsOf(await get(`/balances/${id}/rows`))).rowCount, 50);
  }
  assert.equal(sandbox.stats.members['TIB']?.logins, 2, 'the token is got anew');
});

test('the journal shows what was said, without the answers', async (t) => {
  const { ask, get, exchangeKey } = await setUp(t);
  await rowsOf(await ask({ processDate: DATE }));
  const answers = async (from: typeof get): Promise<Record<string, boolean>> => {
    const { items } = (await (await from('/exchanges?limit=100')).json()) as {
      items: { senderReference: string; answer?: string }[];
    };
    return Object.fromEntries(items.map((item) => [item.senderReference, 'answer' in item]));
  };
  const before = await answers(get);
  assert.ok(Object.values(before).filter(Boolean).length >= 2);
  const after = await answers((await exchangeKey()).get);
  for (const reference of Object.keys(before)) assert.equal(after[reference], false, reference);
});

test('a key that is exchanged while the gateway runs: the new one seals, the old one opens', async (t) => {
  const { sandbox, keysFile, told, ask, get } = await setUp(t, { prepareSeconds: 1 });
  const before = await rowsOf(await ask({ processDate: DATE }));
  const waiting = await reportOf(
    await ask({ processDate: OTHER_DATE }, { prefer: 'respond-async' }),
  );
  const [old = ''] = (await readFile(keysFile, 'utf8')).split('\n');
  await writeFile(keysFile, `${newSealingKeyLine(Date.now())}\n${old}\n`);
  await until(() => told.some(({ part }) => part === 'sealing'));
  assert.equal((await rowsOf(await get(`/balances/${before.id}/rows`))).rowCount, 50);
  const { state } = await reportOf(
    await get(`/balances/${waiting.id}`, { prefer: 'wait=30' }),
    200,
  );
  assert.equal(state, 'ready');
  const fresh = await rowsOf(await ask({ processDate: DATE, refresh: true }));
  assert.equal(sandbox.stats.members['TIB']?.logins, 1, 'the token stays readable');

  // Tidied up: what the old key sealed has gone, what the new one sealed has not.
  const [line = ''] = (await readFile(keysFile, 'utf8')).split('\n');
  await writeFile(keysFile, line);
  await until(async () => (await get(`/balances/${before.id}/file`)).status === 410);
  const oldId = old.split(':')[0];
  await until(() => told.some(({ keyId, fault }) => keyId === oldId && fault === 'missing'));
  assert.equal((await rowsOf(await get(`/balances/${fresh.id}/rows`))).rowCount, 50);
});

test('a start says which key is missing, and which is another than the one that sealed', async (t) => {
  for (const fault of ['missing', 'other'] as const) {
    const { keysFile, told, ask, exchangeKey } = await setUp(t);
    await rowsOf(await ask({ processDate: DATE }));
    const [id = ''] = (await readFile(keysFile, 'utf8')).split(':');
    const fresh = newSealingKeyLine(Date.now());
    await exchangeKey(fault === 'missing' ? fresh : fresh.replace(/^[^:]+/, id));
    const isOfKey = ({ keyId }: Told) => keyId === id;
    await until(() => told.some(isOfKey));
    const [said, again] = told.filter(isOfKey);
    assert.equal(again, undefined);
    assert.equal(said?.fault, fault);
    // The token, the report's secrets, and the answers to the messages that it took.
    assert.ok((said.found ?? 0) >= 4, String(said.found));
    assert.match(said.msg, fault === 'missing' ? /has no line .* put it back/ : /is another than/);
  }
});

test('a file that is spoilt while the gateway runs changes nothing, and is told', async (t) => {
  const { keysFile, ask, get } = await setUp(t);
  const before = await rowsOf(await ask({ processDate: DATE }));
  await writeFile(keysFile, 'no key');
  const isTold = async () =>
    (await (await get('/health/ready')).text()).includes('changed files are refused');
  await until(isTold);
  assert.equal((await rowsOf(await get(`/balances/${before.id}/rows`))).rowCount, 50);
  assert.equal((await ask({ processDate: OTHER_DATE })).status, 200);
});

test('a member that is taken out is not known any more; what it asked for waits', async (t) => {
  const members = [
    { memberCode: 'TIB', userCode: 'TIB991' },
    { memberCode: 'AKY', userCode: 'AKY991' },
  ];
  const sandbox = await startTestSandbox(t, { members });
  const { url } = await startTestGateway(t, environmentOf(sandbox));
  const { ask, get } = client(url);
  const { id } = await rowsOf(await ask({ processDate: DATE, member: 'AKY' }));
  const whole = await readFile(sandbox.membersFile, 'utf8');
  const file = JSON.parse(whole) as { members: { memberCode: string }[] };
  const rest = file.members.filter(({ memberCode }) => memberCode !== 'AKY');
  await writeFile(sandbox.membersFile, JSON.stringify({ members: rest }));
  const slugOf = async (): Promise<string> => {
    const response = await ask({ processDate: DATE, member: 'AKY' });
    return response.ok ? 'ok' : (await problemOf(response)).slug;
  };
  await until(async () => (await slugOf()) !== 'ok');
  assert.equal(await slugOf(), 'member-forbidden');
  assert.equal((await problemOf(await get(`/balances/${id}`))).slug, 'not-found');
  assert.equal((await problemOf(await get(`/balances/${id}/rows`))).slug, 'not-found');
  assert.equal((await rowsOf(await ask({ processDate: DATE }))).member, 'TIB');
  await writeFile(sandbox.membersFile, whole);
  await until(async () => (await slugOf()) === 'ok');
  assert.equal((await rowsOf(await get(`/balances/${id}/rows`))).rowCount, 50);
});

/** The report desk with several replicas and many callers, in front of the sandbox. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import type { Sandbox, SandboxOptions } from '../../sandbox/index.ts';
import { startTestGateway, type Environment } from '../support/gateway.ts';
import { temporaryFolder } from '../support/folder.ts';
import {
  client,
  DATE,
  environmentOf,
  problemOf,
  reportOf,
  rowsOf,
  startTestSandbox,
} from '../support/pair.ts';
import { startTcpRedis } from '../support/tcp-redis.ts';

const MEMBERS = [
  { memberCode: 'TIB', userCode: 'TIB991' },
  { memberCode: 'AKY', userCode: 'AKY991' },
];

async function startReplicas(
  t: TestContext,
  count: number,
  options: SandboxOptions = {},
  environment: Environment = {},
) {
  // Hooks run in the order of their making: the gateways close before what they speak to.
  const closing: (() => Promise<void>)[] = [];
  t.after(() => Promise.all(closing.map((close) => close())));
  const sandbox = await startTestSandbox(t, { members: MEMBERS, ...options });
  const redis = await startTcpRedis(t);
  const replicas = [];
  for (let n = 0; n < count; n += 1) {
    const shared = { ...environmentOf(sandbox), REDIS_URL: redis.url, ...environment };
    const gateway = await startTestGateway(t, shared);
    closing.push(gateway.close);
    replicas.push({ ...gateway, ...client(gateway.url) });
  }
  return { sandbox, redis, replicas };
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index % list.length];
  if (item === undefined) throw new RangeError('an empty list');
  return item;
}

/** Process dates that have data: Mondays to Saturdays before DATE. */
function dates(count: number): string[] {
  const found: string[] = [];
  for (let day = Date.UTC(2026, 1, 27); found.length < count; day -= 86_400_000) {
    const date = new Date(day);
    if (date.getUTCDay() !== 0) found.push(date.toISOString().slice(0, 10).replaceAll('-', ''));
  }
  return found;
}

function reportsAt(sandbox: Sandbox): number {
  return sandbox.log.filter(({ path, code }) => path.endsWith('/balance-report') && code === '0000')
    .length;
}

test('sixty that ask for the same at once cost MKS one report and one login', async (t) => {
  const { sandbox, replicas } = await startReplicas(t, 2);
  const answers = await Promise.all(
    Array.from({ length: 60 }, async (_, n) =>
      rowsOf(await at(replicas, n).ask({ member: 'TIB', processDate: DATE })),
    ),
  );
  assert.equal(new Set(answers.map(({ id }) => id)).size, 1);
  for (const { rows } of answers) assert.equal(rows.length, 50);
  assert.equal(reportsAt(sandbox), 1);
  assert.equal(sandbox.log.filter(({ path }) => path === '/v1/auth').length, 1);
});

test('one report a member at a time, and members do not wait for each other', async (t) => {
  const { sandbox, replicas } = await startReplicas(t, 2, { prepareSeconds: 0.3 });
  const asks = dates(6).flatMap((processDate) =>
    MEMBERS.map(({ memberCode }) => ({ member: memberCode, processDate })),
  );
  const began = performance.now();
  await Promise.all(asks.map(async (ask, n) => rowsOf(await at(replicas, n).ask(ask))));
  const tookMs = performance.now() - began;
  const { members } = sandbox.stats;
  for (const { memberCode } of MEMBERS) {
    assert.equal(members[memberCode]?.reportsAccepted, 6);
    assert.equal(members[memberCode]?.overlapsAccepted, 0);
    assert.equal(members[memberCode]?.overlapsRefused, 0, 'the slot, not RP003, keeps the order');
  }
  assert.ok(tookMs > 6 * 300, `${tookMs} ms`);
});

test('a client with one request is not behind another’s thirty', async (t) => {
  const folder = await temporaryFolder();
  const clients = ['batch', 'screen'].map((name) => ({
    name,
    keySha256: createHash('sha256').update(`key-of-${name}`).digest('hex'),
    members: ['TIB'],
  }));
  const file = join(folder, 'clients.json');
  await writeFile(file, JSON.stringify({ clients }));
  const { sandbox, replicas } = await startReplicas(t, 1, {}, { API_CLIENTS_FILE: file });
  const [{ ask }] = replicas as [(typeof replicas)[0]];
  const as = (name: string) => ({ authorization: `Bearer key-of-${name}` });
  const many = dates(30);
  for (const processDate of many) {
    await reportOf(await ask({ processDate }, { ...as('batch'), prefer: 'respond-async' }));
  }
  const wanted = '20260303';
  await rowsOf(await ask({ processDate: wanted }, as('screen')));
  const order = sandbox.log
    .filter(({ path }) => path.endsWith('/balance-report'))
    .map(({ payload }) => payload?.['processDate']);
  assert.ok(order.length < 10, `${order.length} reports before and with it`);
});

test('a long wait and the events end on a replica that did not do the work', async (t) => {
  const { replicas } = await startReplicas(t, 2, { prepareSeconds: 0.6 });
  const [first, second] = replicas as [(typeof replicas)[0], (typeof replicas)[0]];
  const report = await reportOf(
    await first.ask({ member: 'TIB', processDate: DATE }, { prefer: 'respond-async' }),
  );
  const events = second.get(`/balances/${report.id}/events`);
  const began = performance.now();
  const ended = await reportOf(
    await second.get(`/balances/${report.id}`, { prefer: 'wait=60' }),
    200,
  );
  assert.equal(ended.state, 'ready');
  assert.ok(performance.now() - began < 4500, 'woken, not found by the recheck');
  const text = await (await events).text();
  const states = [...text.matchAll(/"state":"(\w+)"/g)].map((match) => match[1]);
  assert.equal(states.at(-1), 'ready');
  const ids = [...text.matchAll(/^id: ?(\d+)/gm)].map((match) => Number(match[1]));
  assert.ok(ids.length > 0 && ids.every((id, n) => n === 0 || id >= (ids[n - 1] ?? 0)), text);
});

test('a report taken back before MKS has it never goes there', async (t) => {
  const { sandbox, replicas } = await startReplicas(t, 1, { prepareSeconds: 1 });
  const [{ ask, get, url }] = replicas as [(typeof replicas)[0]];
  const [one = '', two = ''] = dates(2);
  const async = { prefer: 'respond-async' };
  const running = await reportOf(await ask({ member: 'TIB', processDate: one }, async));
  const waiting = await reportOf(await ask({ member: 'TIB', processDate: two }, async));
  const remove = (id: string) => fetch(`${url}/balances/${id}`, { method: 'DELETE' });
  assert.equal((await remove(waiting.id)).status, 204);
  assert.equal((await remove(waiting.id)).status, 204);
  const gone = await reportOf(await get(`/balances/${waiting.id}`), 200);
  assert.equal(gone.state, 'cancelled');
  assert.equal((await get(`/balances/${waiting.id}/rows`)).status, 409);
  await reportOf(await get(`/balances/${running.id}`, { prefer: 'wait=60' }), 200);
  assert.equal((await remove(running.id)).status, 409);
  assert.equal(reportsAt(sandbox), 1);
});

test('rows are read with MKS down, and fetched again by a replica without them', async (t) => {
  const { sandbox, replicas } = await startReplicas(t, 2);
  const [first, second] = replicas as [(typeof replicas)[0], (typeof replicas)[0]];
  const { id } = await reportOf(
    await first.ask({ member: 'TIB', processDate: DATE }, { prefer: 'respond-async' }),
  );
  const location = `/balances/${id}`;
  await reportOf(await first.get(location, { prefer: 'wait=60' }), 200);
  const downloads = () =>
    sandbox.log.filter(({ path }) => path.endsWith('/async-report-content')).length;
  assert.equal(downloads(), 1);
  const document = await rowsOf(await first.get(`${location}/rows`));
  assert.deepEqual(await rowsOf(await second.get(`${location}/rows`)), document);
  assert.equal(downloads(), 2, 'the replica that had not fetched it fetches it once');
  for (const replica of [first, second]) {
    assert.deepEqual(await rowsOf(await replica.get(`${location}/rows`)), document);
  }
  assert.equal(downloads(), 2);
  await sandbox.close();
  assert.deepEqual(await rowsOf(await first.get(`${location}/rows`)), document);
  assert.deepEqual(await rowsOf(await second.get(`${location}/rows`)), document);
  await rm(join(second.dataDir, 'spool'), { recursive: true });
  // What it has encoded before stays in memory for a while; another format needs the files.
  assert.deepEqual(await rowsOf(await second.get(`${location}/rows`)), document);
  const problem = await problemOf(await second.get(`${location}/rows?format=csv`));
  assert.equal(problem.slug, 'mks-unreachable');
});

test('a damaged file is fetched again, not half delivered', async (t) => {
  const { replicas } = await startReplicas(t, 1, { shape: { rows: 30_000 } });
  const [{ ask, get, dataDir }] = replicas as [(typeof replicas)[0]];
  const response = await ask({ member: 'TIB', processDate: DATE });
  const location = response.headers.get('location') ?? '';
  const document = await rowsOf(response);
  for (const name of await filesOf(dataDir)) {
    const path = join(dataDir, 'spool', name);
    const bytes = await readFile(path);
    bytes[bytes.length - 100] = (bytes.at(-100) ?? 0) ^ 1;
    await writeFile(path, bytes);
  }
  // In a format that is not in memory yet.
  const lines = await (await get(`${location}/rows?format=ndjson`)).text();
  const rows = lines.trimEnd().split('\n');
  assert.deepEqual(
    rows.map((line) => JSON.parse(line) as unknown),
    document.rows,
  );
});

/** Two parts of a compact JWS: three letters alone come up in sealed base64 by chance (RFC 7515 §3.1). */
const SIGNED = /eyJ[\w-]{16,}\.[\w-]{16,}/;

test('nothing of a report lies open on the disk or in Redis', async (t) => {
  const { sandbox, redis, replicas } = await startReplicas(t, 1);
  const [{ ask, dataDir }] = replicas as [(typeof replicas)[0]];
  const { rows } = await rowsOf(await ask({ member: 'TIB', processDate: DATE }));
  const names = await filesOf(dataDir);
  assert.ok(names.some((name) => name.endsWith('.rows')));
  const folder = join(redis.socket, '..');
  const places = [
    ...names.map((name) => join(dataDir, 'spool', name)),
    ...(await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  ];
  const canaries = [rows[0]?.['balanceAmount'] ?? '', rows[1]?.['addDefCode'] ?? ''];
  for (const canary of canaries) {
    assert.ok(canary.length > 7, `${canary} is long enough not to stand in sealed bytes by chance`);
  }
  assert.ok(sandbox.log.length > 0);
  for (const place of places) {
    const bytes = await readFile(place);
    for (const canary of canaries) {
      assert.equal(bytes.includes(canary), false, `${canary} in ${place}`);
    }
    assert.equal(SIGNED.test(bytes.toString('latin1')), false, `a JWS in ${place}`);
    assert.equal(bytes.includes(Buffer.from('28b52ffd', 'hex')), false, `zstd in ${place}`);
    assert.equal(bytes.includes('PK\u0003\u0004'), false, `a zip in ${place}`);
  }
});

test('a client that reads zstd gets the rows as they are kept', async (t) => {
  const { replicas } = await startReplicas(t, 1);
  const [{ ask, url }] = replicas as [(typeof replicas)[0]];
  const response = await ask({ member: 'TIB', processDate: DATE });
  const location = response.headers.get('location') ?? '';
  const { rows } = await rowsOf(response);
  const { request } = await import('undici');
  const answer = await request(`${url}${location}/rows`, {
    headers: { accept: 'application/x-ndjson', 'accept-encoding': 'zstd' },
  });
  assert.equal(answer.headers['content-encoding'], 'zstd');
  const bytes = Buffer.from(await answer.body.arrayBuffer());
  const lines = zstdDecompressSync(bytes).toString().trimEnd().split('\n');
  assert.deepEqual(
    lines.map((line) => JSON.parse(line) as unknown),
    rows,
  );
});

test('the same key and body give the same report, another body is refused', async (t) => {
  const { sandbox, replicas } = await startReplicas(t, 2);
  const [first, second] = replicas as [(typeof replicas)[0], (typeof replicas)[0]];
  const key = { 'idempotency-key': 'night-run-1' };
  const body = { member: 'TIB', processDate: DATE, refresh: true };
  const one = await rowsOf(await first.ask(body, key));
  const two = await rowsOf(await second.ask(body, key));
  assert.equal(one.id, two.id);
  assert.equal(reportsAt(sandbox), 1);
  const other = await problemOf(await first.ask({ ...body, processDate: '20260303' }, key));
  assert.equal(other.slug, 'idempotency-key-reused');
  assert.equal(other.status, 422);
});

test('a caller’s own balance-report shares the slot with the desk', async (t) => {
  const { sandbox, replicas } = await startReplicas(t, 2, { prepareSeconds: 0.5 });
  const [first, second] = replicas as [(typeof replicas)[0], (typeof replicas)[0]];
  const send = (url: string, processDate: string) =>
    fetch(`${url}/mks/v1/reports/account/balance-report?member=TIB`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ processDate, fileType: 'json', zipPassword: 'Abcdefg12' }),
    });
  const own = await send(first.url, DATE);
  assert.equal(own.status, 200);
  assert.match(own.headers.get('sender-reference') ?? '', /^GW\d+-/);
  const held = await send(second.url, '20260303');
  assert.equal(held.status, 409);
  assert.match(held.headers.get('retry-after') ?? '', /^\d+$/);
  const { rows } = await rowsOf(await second.ask({ member: 'TIB', processDate: '20260304' }));
  assert.equal(rows.length, 50);
  assert.equal(sandbox.stats.members['TIB']?.overlapsAccepted, 0);
  assert.equal(sandbox.stats.members['TIB']?.overlapsRefused, 0);
});

async function filesOf(dataDir: string): Promise<string[]> {
  return readdir(join(dataDir, 'spool')).catch(() => []);
}

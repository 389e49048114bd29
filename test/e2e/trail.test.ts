/** Rule 10: no balance leaves without its line in the trail, and none at all where none can be written. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryFolder } from '../support/folder.ts';
import { spawnGateway, startTestGateway } from '../support/gateway.ts';
import { DATE, environmentOf, problemOf, rowsOf, startTestSandbox } from '../support/pair.ts';
import { startTcpRedis } from '../support/tcp-redis.ts';
import { until } from '../support/until.ts';
import { earlierOf, filesOf, linesOf, textsOf, type Line } from '../trail/support.ts';

const CLIENTS = [
  { name: 'desk', members: ['TIB'], operator: true },
  { name: 'other', members: ['AKY'], operator: false },
];

async function setUp(t: TestContext) {
  const members = ['TIB', 'AKY'].map((code) => ({ memberCode: code, userCode: `${code}991` }));
  const sandbox = await startTestSandbox(t, { members });
  const folder = await temporaryFolder();
  const clientsFile = join(folder, 'clients.json');
  const clients = CLIENTS.map((client) => ({
    ...client,
    keySha256: createHash('sha256').update(`${client.name}-key`).digest('hex'),
  }));
  await writeFile(clientsFile, JSON.stringify({ clients }), { mode: 0o600 });
  const environment = { ...environmentOf(sandbox), API_CLIENTS_FILE: clientsFile };
  return { sandbox, folder, environment, clientsFile, clients };
}

type Send = (
  path: string,
  options?: Omit<RequestInit, 'headers'> & { as?: string; headers?: Record<string, string> },
) => Promise<Response>;

function sender(url: string): Send {
  return (path, { as = 'desk', headers, ...options } = {}) =>
    fetch(`${url}${path}`, {
      ...options,
      headers: { authorization: `Bearer ${as}-key`, 'x-request-id': 'r-1', ...headers },
    });
}

const post = (body: object, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json', prefer: 'wait=60', ...headers },
  body: JSON.stringify(body),
});

/** The acts of a folder, without those of the gateway itself. */
function actsOf(dataDir: string): Line[] {
  const own = /^(?:chain|segment)\.begun$|^checkpoint$|^started$|^stopped$/;
  return filesOf(join(dataDir, 'trail'))
    .flatMap(linesOf)
    .filter(({ action }) => !own.test(action));
}

/** A line without what differs from run to run. */
function told({ number: _n, time: _t, before: _b, address, senderReference, ...rest }: Line) {
  assert.equal(address, '127.0.0.1');
  return { ...rest, ...(senderReference !== undefined && { senderReference: 'a reference' }) };
}

test('every act leaves its line before its data', async (t) => {
  const { environment, clientsFile, clients } = await setUp(t);
  const { url, dataDir } = await startTestGateway(t, environment);
  const send = sender(url);
  const who = { client: 'desk', requestId: 'r-1' };
  /** What the lines say that were written since; looked at as soon as the answer is there. */
  let seen = 0;
  const since = (): object[] => {
    const acts = actsOf(dataDir);
    const fresh = acts.slice(seen).map(told);
    seen = acts.length;
    return fresh;
  };

  const filters = { isin: 'TRAGARAN91N1' };
  const asking = send('/balances', post({ processDate: DATE, ...filters }));
  const { id, rowCount } = await rowsOf(await asking);
  const about = { ...who, report: id, member: 'TIB', processDate: DATE, filters };
  const asked = { ...about, action: 'balances.asked', end: 'accepted' };
  const read = { ...about, action: 'rows.read', rows: rowCount, end: 'given' };
  assert.deepEqual(since(), [asked, { ...read, format: 'json' }]);

  // Joined and there already: both in one write.
  await rowsOf(await send('/balances', post({ processDate: DATE, ...filters })));
  assert.deepEqual(since(), [asked, { ...read, format: 'json' }]);

  const rows = await send(`/balances/${id}/rows?format=csv`);
  assert.equal(rows.status, 200);
  // The head of the answer has come, its body need not have.
  assert.deepEqual(since(), [{ ...read, format: 'csv' }]);
  await rows.text();
  const tag = rows.headers.get('etag') ?? '';
  const same = await send(`/balances/${id}/rows?format=csv`, { headers: { 'if-none-match': tag } });
  assert.equal(same.status, 304);
  assert.equal((await send(`/balances/${id}/rows`, { method: 'HEAD' })).status, 200);
  assert.deepEqual(since(), [], 'nothing of it has left');

  const file = await send(`/balances/${id}/file`);
  assert.equal(file.status, 200);
  const [, name = ''] =
    /filename="([^"]+)"/.exec(file.headers.get('content-disposition') ?? '') ?? [];
  assert.deepEqual(since(), [
    { ...about, action: 'file.read', rows: rowCount, file: name, end: 'given' },
  ]);
  await file.arrayBuffer();

  const day = '20260303';
  const later = await rowsOf(await send('/balances', post({ processDate: day, ...filters })));
  since();
  const changes = await send(`/balances/changes?from=${DATE}&to=${day}&isin=${filters.isin}`);
  assert.deepEqual(since(), [
    {
      ...who,
      action: 'changes.read',
      member: 'TIB',
      filters,
      asked: { from: DATE, to: day },
      report: later.id,
      format: 'json',
      end: 'given',
    },
  ]);
  await changes.text();
  const service = 'reports/async-report-status';
  const called = { ...who, action: 'service.called', service, member: 'TIB', refId: 'none' };
  const status = await send(`/mks/v1/${service}`, post({ refId: 'none' }));
  const { response } = (await status.json()) as { response: { responseCode: string } };
  assert.deepEqual(since(), [
    { ...called, senderReference: 'a reference', code: response.responseCode, end: 'answered' },
  ]);

  await (await send('/exchanges?from=20200101')).json();
  assert.deepEqual(since(), [
    {
      ...who,
      action: 'exchanges.read',
      members: ['TIB'],
      asked: { from: '20200101' },
      end: 'given',
    },
  ]);

  for (const turn of ['pause', 'resume']) {
    assert.equal((await send(`/members/TIB/${turn}`, { method: 'POST' })).status, 200);
    assert.deepEqual(since(), [{ ...who, action: `member.${turn}d`, member: 'TIB', end: 'done' }]);
  }

  const other = { client: 'other', requestId: 'r-1', action: 'denied', member: 'TIB' };
  await send(`/balances/${id}/rows`, { as: 'other' });
  await send('/balances', { as: 'other', ...post({ processDate: DATE, member: 'TIB' }) });
  await send('/exchanges?member=TIB', { as: 'other' });
  await send('/members/TIB/pause', { as: 'other', method: 'POST' });
  await send('/balances', { as: 'nobody' });
  await send('/balances/none');
  const forbidden = { ...other, end: 'member-forbidden' };
  assert.deepEqual(since(), [
    { ...other, report: id, route: 'GET /balances/:id/rows', end: 'not-found' },
    { ...forbidden, route: 'POST /balances' },
    { ...forbidden, route: 'GET /exchanges' },
    { ...forbidden, route: 'POST /members/:member/pause' },
    { action: 'denied', requestId: 'r-1', route: 'GET /balances', end: 'unauthorized' },
  ]);

  const [desk] = clients;
  writeFileSync(clientsFile, JSON.stringify({ clients: [desk] }));
  const changed = (): Line | undefined =>
    actsOf(dataDir).find(({ action }) => action === 'config.changed');
  await until(() => changed() !== undefined);
  assert.equal(changed()?.['part'], 'clients');
});

test('a call that fails is told with how it ended', async (t) => {
  const { environment, sandbox } = await setUp(t);
  const { url, dataDir } = await startTestGateway(t, environment);
  sandbox.faults.arm({ name: 'html-500', times: -1 });
  const service = 'reports/async-report-status';
  const answer = await sender(url)(`/mks/v1/${service}`, post({ refId: 'none' }));
  const { slug } = await problemOf(answer);
  assert.match(slug, /^mks-/);
  assert.equal(actsOf(dataDir).at(-1)?.['end'], slug);
});

test('strangers fill no disk: beyond a bound they are counted', async (t) => {
  const { environment } = await setUp(t);
  const { url, dataDir } = await startTestGateway(t, environment);
  const send = sender(url);
  for (let tries = 0; tries < 110; tries += 1) await send('/balances', { as: 'nobody' });
  const ends = actsOf(dataDir).map(({ end }) => end);
  assert.equal(ends.filter((end) => end === 'unauthorized').length, 100);
  assert.equal(ends.filter((end) => end === 'rate-limited').length, 1);
});

test('where the trail cannot be written no data leaves, readiness says so, and all heals', async (t) => {
  const { environment } = await setUp(t);
  const { url, dataDir } = await startTestGateway(t, environment);
  const send = sender(url);
  const { id } = await rowsOf(await send('/balances', post({ processDate: DATE })));
  const ready = async () =>
    (await (await fetch(`${url}/health/ready`)).json()) as {
      checks: { trail: { ok: boolean; detail?: string } };
    };
  assert.equal((await ready()).checks.trail.ok, true);
  const trail = join(dataDir, 'trail');
  renameSync(trail, `${trail}.away`);
  writeFileSync(trail, 'no folder');

  const service = 'reports/async-report-status';
  const asks: [string, Parameters<Send>[1]?][] = [
    [`/balances/${id}/rows`],
    [`/balances/${id}/rows?format=ndjson`],
    [`/balances/${id}/file`],
    [`/balances/changes?from=${DATE}&to=${DATE}`],
    ['/balances', post({ processDate: DATE })],
    ['/balances', post({ processDate: '20260303' }, { prefer: 'respond-async' })],
    ['/exchanges'],
    [`/mks/v1/${service}`, post({ refId: 'none' })],
    ['/members/TIB/pause', { method: 'POST' }],
  ];
  for (const [path, options] of asks) {
    const answer = await send(path, options);
    const problem = await problemOf(answer);
    assert.equal(problem.slug, 'trail-unavailable', path);
    assert.equal(problem.status, 503);
    assert.ok(Number(answer.headers.get('retry-after')) >= 1);
    for (const name of ['etag', 'row-count', 'content-disposition']) {
      if (name !== 'content-disposition') assert.equal(answer.headers.get(name), null, name);
    }
    assert.doesNotMatch(JSON.stringify(problem), /balanceAmount|BAKIYE/);
  }
  // Nothing was sent to MKS that could not be told of, and nobody was paused unseen.
  const { items } = (await (await send('/members')).json()) as { items: { paused: boolean }[] };
  assert.equal(items[0]?.paused, false);
  // A refusal stays what it is.
  assert.equal((await problemOf(await send('/balances', { as: 'nobody' }))).slug, 'unauthorized');
  await until(async () => !(await ready()).checks.trail.ok);
  const health = await ready();
  assert.match(health.checks.trail.detail ?? '', /ENOTDIR|EEXIST/);
  assert.equal((await fetch(`${url}/health/ready`)).status, 503);
  assert.match(await (await fetch(`${url}/metrics`)).text(), /^mks_gateway_trail_writable 0$/m);

  rmSync(trail);
  renameSync(`${trail}.away`, trail);
  await until(async () => (await ready()).checks.trail.ok);
  await rowsOf(await send(`/balances/${id}/rows`));
  assert.match(await (await fetch(`${url}/metrics`)).text(), /^mks_gateway_trail_writable 1$/m);
  const [first] = linesOf(filesOf(trail).at(-1) ?? '');
  assert.equal(first?.['reason'] !== 'start', true);
  assert.ok(Number(first?.['unrecorded']) >= 1);
  const { items: entries } = (await (await send('/exchanges')).json()) as {
    items: { refId?: string }[];
  };
  assert.equal(entries.length > 0, true);
  assert.deepEqual(
    entries.filter(({ refId }) => refId === 'none'),
    [],
  );
  const { items: reports } = (await (await send('/balances')).json()) as { items: object[] };
  assert.equal(reports.length, 1);
});

test('killed in the middle: what was given is told, and the next chain names how it ended', async (t) => {
  const { environment, folder } = await setUp(t);
  const redis = await startTcpRedis(t);
  const dataDir = join(folder, 'data');
  const settings = { ...environment, REDIS_URL: redis.url, DATA_DIR: dataDir };
  const first = await spawnGateway(t, settings);
  const { id } = await rowsOf(await sender(first.url)('/balances', post({ processDate: DATE })));
  let given = 0;
  const readers = Array.from({ length: 8 }, async () => {
    for (;;) {
      try {
        const answer = await sender(first.url)(`/balances/${id}/rows`);
        if (answer.status === 200) given += 1;
        await answer.arrayBuffer();
      } catch {
        return;
      }
    }
  });
  await until(() => given > 50);
  first.kill('SIGKILL');
  await Promise.all(readers);
  const trail = join(dataDir, 'trail');
  const [file = ''] = filesOf(trail);
  const reads = linesOf(file).filter(({ action }) => action === 'rows.read');
  assert.ok(reads.length >= given, `${reads.length} lines, ${given} answers`);
  writeFileSync(file, '{"action":"rows.r', { flag: 'a' });

  const second = await spawnGateway(t, settings);
  await rowsOf(await sender(second.url)(`/balances/${id}/rows`));
  const [, next = ''] = filesOf(trail);
  const [seen] = earlierOf(next);
  assert.equal(seen?.number, textsOf(file).length);
  assert.equal(seen?.torn?.bytes, 17);
  t.diagnostic(`${given} answers, ${reads.length} lines`);
});

test('two replicas on one DATA_DIR write a chain each', async (t) => {
  const { environment, folder } = await setUp(t);
  const redis = await startTcpRedis(t);
  const settings = { ...environment, REDIS_URL: redis.url, DATA_DIR: join(folder, 'data') };
  const one = await spawnGateway(t, settings);
  const other = await spawnGateway(t, settings);
  const { id } = await rowsOf(await sender(one.url)('/balances', post({ processDate: DATE })));
  await rowsOf(await sender(other.url)(`/balances/${id}/rows`));
  const files = filesOf(join(settings.DATA_DIR, 'trail'));
  assert.equal(files.length, 2);
  const [first, second] = files.map((file) =>
    linesOf(file).filter(({ action }) => action === 'rows.read'),
  );
  assert.deepEqual([first?.length, second?.length], [1, 1]);
});

test('auditors read the trail of their members, page by page, and that is in it', async (t) => {
  const { environment, clientsFile, clients } = await setUp(t);
  const auditors = [
    { name: 'audit', members: ['TIB'], auditor: true },
    { name: 'audit-all', members: ['TIB', 'AKY'], auditor: true },
  ].map((each) => ({
    ...each,
    keySha256: createHash('sha256').update(`${each.name}-key`).digest('hex'),
  }));
  writeFileSync(clientsFile, JSON.stringify({ clients: [...clients, ...auditors] }));
  const { url } = await startTestGateway(t, environment);
  const send = sender(url);
  await rowsOf(await send('/balances', post({ processDate: DATE })));
  await rowsOf(await send('/balances', { as: 'other', ...post({ processDate: DATE }) }));
  await send('/exchanges', { as: 'audit-all' });
  interface List {
    items: {
      action: string;
      client?: string;
      member?: string;
      members?: string[];
      rows?: number;
    }[];
    nextCursor?: string;
  }
  const read = async (query: string, as = 'audit'): Promise<List> => {
    const answer = await send(`/trail?${query}`, { as });
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    assert.doesNotMatch(text, /"(?:before|jws|certificate|earlier)"/);
    return JSON.parse(text) as List;
  };
  const { items } = await read('limit=200');
  assert.deepEqual(
    items.map(({ action, client }) => `${action} ${client}`),
    [
      'exchanges.read audit-all',
      'rows.read desk',
      'balances.asked desk',
      'started undefined',
      'chain.begun undefined',
    ],
  );
  assert.deepEqual(items[0]?.members, ['TIB'], 'of several members the own alone');
  assert.equal(items[1]?.rows, 50);
  const all = await read('member=AKY', 'audit-all');
  assert.deepEqual(
    all.items.map(({ action }) => action),
    ['exchanges.read', 'rows.read', 'balances.asked'],
  );
  const reads = await read('action=trail.read&client=audit&limit=1');
  assert.equal(reads.items.length, 1);
  assert.ok(reads.nextCursor !== undefined);
  for (const as of ['desk', 'other']) {
    assert.equal((await problemOf(await send('/trail', { as }))).slug, 'member-forbidden');
  }
  const denied = await problemOf(await send('/trail?member=AKY', { as: 'audit' }));
  assert.equal(denied.slug, 'member-forbidden');
  const wrong = await problemOf(await send('/trail?cursor=abc&from=noon-ish', { as: 'audit' }));
  assert.equal(wrong.slug, 'invalid-request');
});

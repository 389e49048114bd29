/** A night's queue outlives a late MKS: whatever passes is waited out, and each report comes once. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Sandbox } from '../../sandbox/index.ts';
import { temporaryFolder } from '../support/folder.ts';
import { spawnGateway } from '../support/gateway.ts';
import {
  client,
  DATE,
  environmentOf,
  reportOf,
  rowsOf,
  startPair,
  startTestSandbox,
  type Pair,
  type ReportDocument,
} from '../support/pair.ts';
import { until } from '../support/until.ts';

const POLL = { MKS_STATUS_POLL_SECONDS: '0.05' };
const ASYNC = { prefer: 'respond-async' };
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*\+03:00$/;
const NIGHT = ['20260302', '20260303', '20260304', '20260305'];

type Told = ReportDocument & {
  waiting?: { for: string; detail?: string };
  estimate?: { readyAt: string };
};

async function told({ get }: Pick<Pair, 'get'>, id: string): Promise<Told> {
  return reportOf(await get(`/balances/${id}`), 200);
}

async function endOf({ get }: Pick<Pair, 'get'>, id: string): Promise<Told> {
  return reportOf(await get(`/balances/${id}`, { prefer: 'wait=20' }), 200);
}

/** Resolves once the report says that it waits for this. */
async function untilWaiting(pair: Pair, id: string, reason: RegExp): Promise<void> {
  await until(async () => {
    const { waiting } = await told(pair, id);
    return reason.test(`${waiting?.for} ${waiting?.detail}`);
  });
}

function balanceReports({ log }: Sandbox) {
  return log.filter(({ path }) => path.endsWith('/balance-report'));
}

/** MKK knows another password than the gateway, until the password file is mended. */
async function outliveRefusedLogin(pair: Pair, ids: string[]): Promise<void> {
  const { sandbox } = pair;
  const member = sandbox.members.get('TIB');
  assert.ok(member);
  member.password = 'Night-2!';
  sandbox.revokeTokens();
  const refused = async (): Promise<string | undefined> => {
    const reports = await Promise.all(ids.map((id) => told(pair, id)));
    return reports.find(({ waiting }) => waiting?.for === 'mks-login-refused')?.id;
  };
  await until(async () => (await refused()) !== undefined);
  assert.equal(sandbox.stats.members['TIB']?.loginsRefused, 1);
  const mendedAt = performance.now();
  await writeFile(join(sandbox.membersFile, '../TIB/password'), member.password);
  await until(async () => (await refused()) === undefined);
  // The pause after a refused login is a minute.
  assert.ok(performance.now() - mendedAt < 20_000, 'the mended file wakes what waits');
}

test('several reports of a night wait a late MKS out, and each comes once', async (t) => {
  const pair = await startPair(t, { prepareSeconds: 0.3 }, POLL);
  const { sandbox, ask, get } = pair;
  const closed = { service: 'balance-report', times: -1 } as const;
  sandbox.faults.arm({ name: 'code', code: 'OI003', ...closed });
  const ids: string[] = [];
  for (const processDate of NIGHT) ids.push((await reportOf(await ask({ processDate }, ASYNC))).id);
  const [first = '', second = ''] = ids;
  await untilWaiting(pair, first, /^mks-error .*OI003/);
  await untilWaiting(pair, second, /^turn/);
  await until(() => balanceReports(sandbox).length >= 4);
  sandbox.faults.clear();
  sandbox.faults.arm({ name: 'html-500', ...closed });
  await until(() => balanceReports(sandbox).some(({ faults }) => faults?.includes('html-500')));
  await untilWaiting(pair, first, /^mks-error/);
  sandbox.faults.arm({ name: 'wrong-signer', service: 'async-report-status', times: 2 });
  sandbox.faults.clear('html-500');
  await until(() => sandbox.faults.armed().length === 0);
  await outliveRefusedLogin(pair, ids);

  const refIds = new Set<string | undefined>();
  for (const [index, id] of ids.entries()) {
    const ended = await endOf(pair, id);
    assert.equal(ended.state, 'ready', JSON.stringify(ended));
    assert.equal(ended.waiting, undefined);
    refIds.add(ended.refId);
    const { rows } = await rowsOf(await get(`/balances/${id}/rows`));
    const processDate = NIGHT[index] ?? '';
    assert.deepEqual(rows, [...sandbox.expectedRows({ member: 'TIB', processDate })]);
  }
  assert.equal(refIds.size, NIGHT.length);
  const { reportsAccepted, overlapsAccepted } = sandbox.stats.members['TIB'] ?? {};
  assert.deepEqual([reportsAccepted, overlapsAccepted], [NIGHT.length, 0]);
  const untrusted = sandbox.log.filter(({ faults }) => faults?.includes('wrong-signer'));
  assert.equal(untrusted.length, 2);
});

test('what MKS answers while the gateway closes is kept: it is asked once', async (t) => {
  const sandbox = await startTestSandbox(t);
  sandbox.faults.arm({ name: 'delay', ms: 2_000, service: 'balance-report' });
  const environment = {
    ...environmentOf(sandbox),
    ...POLL,
    // Its own Redis is in there too.
    DATA_DIR: await temporaryFolder(),
  };
  const before = await spawnGateway(t, environment);
  const { id } = await reportOf(await client(before.url).ask({ processDate: DATE }, ASYNC));
  await until(() => balanceReports(sandbox).length === 1);
  const [sent] = balanceReports(sandbox);
  before.kill('SIGTERM');
  assert.equal(await before.ended, 0, before.output.join('\n'));
  assert.equal(sent?.code, '0000', 'MKS answered before the gateway was out');
  const polls = () => sandbox.log.filter(({ path }) => path.endsWith('/async-report-status'));
  assert.equal(polls().length, 0, 'nothing else was begun while closing');

  const after = client((await spawnGateway(t, environment)).url);
  const ended = await endOf(after, id);
  assert.equal(ended.state, 'ready', JSON.stringify(ended));
  assert.equal(balanceReports(sandbox).length, 1);
  assert.ok(polls().length > 0);
  for (const { payload } of polls()) assert.equal(payload?.['refId'], ended.refId);
  const { rows } = await rowsOf(await after.get(`/balances/${id}/rows`));
  assert.deepEqual(rows, [...sandbox.expectedRows({ member: 'TIB', processDate: DATE })]);
});

test('a report is estimated by how long those before it took', async (t) => {
  const pair = await startPair(t, { prepareSeconds: 1 }, POLL);
  const [one = '', other = ''] = NIGHT;
  const first = (await reportOf(await pair.ask({ processDate: one }, ASYNC))) as Told;
  assert.equal(first.estimate, undefined);
  assert.equal((await endOf(pair, first.id)).state, 'ready');
  const askedAt = Date.now();
  const second = (await reportOf(await pair.ask({ processDate: other }, ASYNC))) as Told;
  const { readyAt = '' } = second.estimate ?? {};
  assert.match(readyAt, TIMESTAMP);
  // What took a second once will take about one again.
  const estimatedMs = Date.parse(readyAt) - askedAt;
  assert.ok(estimatedMs >= 900 && estimatedMs < 20_000, `${estimatedMs} ms`);
  const ended = await endOf(pair, second.id);
  assert.equal(ended.state, 'ready');
  assert.equal(ended.estimate, undefined);
});

/** What a report's time being over means: expired, its files gone, and told as such. */
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTestGateway } from '../support/gateway.ts';
import { until } from '../support/until.ts';
import {
  client,
  DATE,
  environmentOf,
  problemOf,
  reportOf,
  rowsOf,
  startTestSandbox,
} from '../support/pair.ts';

/** 3.6 seconds; what is due is done within five more. */
const RETENTION = { REPORT_RETENTION_HOURS: '0.001' };

async function becomes(state: string, look: () => Promise<{ state: string }>): Promise<void> {
  for (let tries = 0; (await look()).state !== state; tries += 1) {
    assert.ok(tries < 100, `not ${state}: ${(await look()).state}`);
    await sleep(150);
  }
}

test('a ready report expires with its files', async (t) => {
  const sandbox = await startTestSandbox(t);
  const { url, dataDir } = await startTestGateway(t, { ...environmentOf(sandbox), ...RETENTION });
  const { ask, get } = client(url);
  const response = await ask({ processDate: DATE });
  const location = response.headers.get('location') ?? '';
  await rowsOf(response);
  assert.notDeepEqual(await readdir(join(dataDir, 'spool')), []);
  await becomes('expired', async () => reportOf(await get(location), 200));
  const problem = await problemOf(await get(`${location}/rows`));
  assert.equal(problem.slug, 'report-expired');
  assert.equal(problem.status, 410);
  await until(async () => (await readdir(join(dataDir, 'spool'))).length === 0);
  const next = await rowsOf(await ask({ processDate: DATE }));
  assert.equal(next.rows.length, 50, 'an expired report is not joined');
});

test('a report that MKS never accepts expires, and the slot is free for the next', async (t) => {
  const sandbox = await startTestSandbox(t);
  const { url } = await startTestGateway(t, { ...environmentOf(sandbox), ...RETENTION });
  const { ask, get } = client(url);
  sandbox.faults.arm({ name: 'code', code: 'RP003', service: 'balance-report', times: -1 });
  const report = await reportOf(await ask({ processDate: DATE }, { prefer: 'respond-async' }));
  await becomes('expired', async () => reportOf(await get(`/balances/${report.id}`), 200));
  sandbox.faults.clear();
  await rowsOf(await ask({ processDate: DATE }));
});

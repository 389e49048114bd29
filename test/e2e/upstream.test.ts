/** `/health/upstream` through a whole gateway: each trouble that the sandbox can make gets its name. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../../sandbox/index.ts';
import { startTestGateway } from '../support/gateway.ts';
import { DATE, environmentOf, startPair, startTestSandbox } from '../support/pair.ts';

interface Upstream {
  verdict: string;
  checkedAt: string;
  members: {
    member: string;
    verdict: string;
    failingSince?: string;
    evidence: {
      failuresInARow: number;
      lastAnswer?: { time: string; service: string; code?: string };
      lastFailure?: { time: string; problem?: string; detail?: string };
      token?: { reason?: string; loginPausedUntil?: string };
    };
  }[];
}

async function upstreamOf(url: string): Promise<Upstream> {
  // Whoever asks again within a quarter of a second gets the verdict of then.
  await sleep(300);
  const response = await fetch(`${url}/health/upstream`);
  assert.equal(response.status, 200);
  return (await response.json()) as Upstream;
}

const askStatus = (url: string) =>
  fetch(`${url}/mks/v1/reports/async-report-status`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ refId: 'none' }),
  });

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+03:00$/;

test('is unknown at first, and ok with a verified answer; it sends nothing itself', async (t) => {
  const { sandbox, url, ask } = await startPair(t);
  assert.equal((await upstreamOf(url)).verdict, 'unknown');
  assert.equal(sandbox.log.length, 0);
  assert.equal((await ask({ processDate: DATE })).status, 200);
  const messages = sandbox.log.length;
  const { verdict, checkedAt, members } = await upstreamOf(url);
  assert.equal(verdict, 'ok');
  assert.match(checkedAt, TIMESTAMP);
  assert.match(members[0]?.evidence.lastAnswer?.time ?? '', TIMESTAMP);
  assert.equal(sandbox.log.length, messages);
});

const troubles: [Fault, string][] = [
  [{ name: 'wrong-login', times: -1 }, 'login'],
  [{ name: 'html-500', service: 'async-report-status', times: -1 }, 'mkk-down'],
  [{ name: 'xml-fault', service: 'async-report-status', times: -1 }, 'mkk-down'],
  [{ name: 'code', code: 'OI003', service: 'async-report-status', times: -1 }, 'mkk-down'],
  [{ name: 'no-answer', service: 'async-report-status', times: -1 }, 'mkk-down'],
  [{ name: 'no-answer', service: 'auth', times: -1 }, 'mkk-down'],
  [{ name: 'wrong-signer', service: 'async-report-status', times: -1 }, 'signature'],
  [{ name: 'tampered-payload', service: 'async-report-status', times: -1 }, 'signature'],
  [{ name: 'code', code: 'OI012', service: 'async-report-status', times: -1 }, 'signature'],
  [{ name: 'code', code: 'OI010', service: 'async-report-status', times: -1 }, 'signature'],
];

for (const [fault, expected] of troubles) {
  test(`${fault.name} ${fault.code ?? ''} at ${fault.service ?? 'auth'} → ${expected}`, async (t) => {
    const { sandbox, url } = await startPair(t, {}, { MKS_REQUEST_TIMEOUT_SECONDS: '1' });
    sandbox.faults.arm(fault);
    assert.ok((await askStatus(url)).status >= 500);
    const { verdict, members } = await upstreamOf(url);
    assert.equal(verdict, expected, JSON.stringify(members));
    const { evidence } = members[0] ?? {};
    assert.ok((evidence?.failuresInARow ?? 0) >= 1);
    assert.match(members[0]?.failingSince ?? '', TIMESTAMP);
    if (expected === 'login') assert.match(evidence?.token?.loginPausedUntil ?? '', TIMESTAMP);
  });
}

test('a reason with a refused token means that the address is not registered', async (t) => {
  const { sandbox, url } = await startPair(t);
  sandbox.faults.arm({ name: 'unregistered-ip-reason', times: -1 });
  sandbox.faults.arm({
    name: 'code',
    code: 'OI006',
    service: 'async-report-status',
    httpStatus: 403,
    times: -1,
  });
  assert.ok((await askStatus(url)).status >= 500);
  const { verdict, members } = await upstreamOf(url);
  assert.equal(verdict, 'address-not-registered', JSON.stringify(members));
  assert.ok((members[0]?.evidence.token?.reason ?? '').length > 0);
});

test('nobody there is the network’s trouble, a wrong address of our own is ours', async (t) => {
  const sandbox = await startTestSandbox(t);
  const closed = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => closed.once('listening', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const environment = environmentOf(sandbox);
  const { url } = await startTestGateway(t, {
    ...environment,
    MKS_BASE_URL: `http://127.0.0.1:${port}`,
  });
  assert.equal((await askStatus(url)).status, 502);
  const { verdict, members } = await upstreamOf(url);
  assert.equal(verdict, 'network');
  assert.match(members[0]?.evidence.lastFailure?.detail ?? '', /ECONNREFUSED/);
});

test('closed hours are closed, whatever was before', async (t) => {
  const { url } = await startPair(t, {}, { SERVICE_HOURS_GROUP_1: closedNow() });
  const { verdict } = await upstreamOf(url);
  assert.equal(verdict, 'closed');
});

/** A window of one hour, twelve hours from now. */
function closedNow(): string {
  const hour = (new Date(Date.now() + 15 * 3_600_000).getUTCHours() + 0) % 24;
  const pad = (value: number) => String(value % 24).padStart(2, '0');
  return `${pad(hour)}:00-${pad(hour + 1) === '00' ? '24' : pad(hour + 1)}:00`;
}

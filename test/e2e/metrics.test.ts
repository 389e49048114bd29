/** `/metrics` of a whole gateway: what it counts, what is shipped for it, and Redis going away. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { startTestGateway } from '../support/gateway.ts';
import {
  client,
  DATE,
  environmentOf,
  reportOf,
  rowsOf,
  startPair,
  startTestSandbox,
} from '../support/pair.ts';
import { startTcpRedis } from '../support/tcp-redis.ts';
import { until } from '../support/until.ts';

type Samples = Map<string, number>;

/** Each line of the text format: `name{labels}` → value. */
async function scrape(url: string): Promise<{ text: string; samples: Samples }> {
  const response = await fetch(`${url}/metrics`);
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  const text = await response.text();
  const samples: Samples = new Map();
  for (const line of text.split('\n')) {
    const match = /^([a-z_A-Z0-9]+(?:\{.*\})?) (\S+)$/.exec(line);
    if (match?.[1] !== undefined) samples.set(match[1], Number(match[2]));
    else assert.ok(line === '' || line.startsWith('# '), line);
  }
  return { text, samples };
}

/** The names that a PromQL expression or a set of them uses. */
function namesIn(text: string): Set<string> {
  return new Set(text.match(/\b(?:mks_gateway|nodejs|process)_[a-z0-9_]+/g));
}

test('counts requests, messages, references and reports, and tells the state of each member', async (t) => {
  const { url, ask, get, sandbox } = await startPair(t);
  await rowsOf(await ask({ processDate: DATE }));
  await get('/balances/does-not-exist');
  await get('/this-path-is-nobodys');
  const { samples, text } = await scrape(url);
  const value = (name: string) => samples.get(name);
  const gateway = 'mks_gateway_';
  const requests = `${gateway}http_requests_total`;
  assert.equal(value(`${requests}{method="POST",route="/balances",status="200"}`), 1);
  assert.equal(value(`${requests}{method="GET",route="/balances/:id",status="404"}`), 1);
  assert.equal(value(`${requests}{method="GET",route="none",status="404"}`), 1);
  assert.doesNotMatch(text, /nobodys|does-not-exist/);
  assert.equal(
    value(`${gateway}http_request_duration_seconds_count{method="POST",route="/balances"}`),
    1,
  );
  const message = (service: string, code: string) =>
    value(`${gateway}mks_messages_total{service="${service}",outcome="answered",code="${code}"}`);
  assert.equal(message('reports/account/balance-report', '0000'), 1);
  assert.equal(message('reports/async-report-status', '0000'), 1);
  assert.equal(message('reports/async-report-content', 'none'), 1);
  assert.equal(value(`${gateway}mks_logins_total{member="TIB",outcome="answered"}`), 1);
  assert.equal(value(`${gateway}references_issued_total{member="TIB"}`), sandbox.log.length);
  assert.equal(value(`${gateway}reports_ended_total{member="TIB",state="ready"}`), 1);
  assert.equal(value(`${gateway}reports_queued{member="TIB"}`), 0);
  assert.equal(value(`${gateway}reports_preparing{member="TIB"}`), 0);
  assert.equal(value(`${gateway}redis_up`), 1);
  assert.equal(value(`${gateway}login_paused{member="TIB"}`), 0);
  const now = Date.now() / 1000;
  const token = value(`${gateway}token_expiry_timestamp_seconds{member="TIB"}`) ?? 0;
  assert.ok(token > now + 3000 && token < now + 3600, String(token - now));
  const certificate = value(`${gateway}certificate_expiry_timestamp_seconds{member="TIB"}`) ?? 0;
  assert.ok(certificate > now + 86_400);
});

test('a paused member’s queue and a report taken back are seen', async (t) => {
  const { url, ask } = await startPair(t);
  const turn = (name: string) => fetch(`${url}/members/TIB/${name}`, { method: 'POST' });
  assert.equal((await turn('pause')).status, 200);
  const reports = [];
  for (const processDate of [DATE, '20260303', '20260304']) {
    reports.push(await reportOf(await ask({ processDate }, { prefer: 'respond-async' })));
  }
  const gone = await fetch(`${url}/balances/${reports[2]?.id}`, { method: 'DELETE' });
  assert.equal(gone.status, 204);
  const { samples } = await scrape(url);
  assert.equal(samples.get('mks_gateway_member_paused{member="TIB"}'), 1);
  assert.equal(samples.get('mks_gateway_reports_queued{member="TIB"}'), 2);
  assert.equal(samples.get('mks_gateway_reports_ended_total{member="TIB",state="cancelled"}'), 1);
  const oldest = samples.get('mks_gateway_reports_oldest_queued_timestamp_seconds{member="TIB"}');
  assert.ok(Math.abs((oldest ?? 0) - Date.now() / 1000) < 30);
  const { items } = (await (await fetch(`${url}/members`)).json()) as {
    items: { paused: boolean; queue: { length: number } }[];
  };
  assert.equal(items[0]?.paused, true);
  assert.equal(items[0].queue.length, 2);
  assert.equal((await turn('resume')).status, 200);
  await until(async () => {
    const { samples: now } = await scrape(url);
    return now.get('mks_gateway_reports_ended_total{member="TIB",state="ready"}') === 2;
  });
});

test('failures are counted by problem, messages in doubt by member', async (t) => {
  const { url, sandbox } = await startPair(t, {}, { MKS_REQUEST_TIMEOUT_SECONDS: '1' });
  const ask = () =>
    fetch(`${url}/mks/v1/reports/async-report-status`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"refId":"none"}',
    });
  for (const name of ['no-answer', 'wrong-signer'] as const) {
    sandbox.faults.arm({ name, service: 'async-report-status' });
    assert.ok((await ask()).status >= 500);
  }
  sandbox.faults.arm({
    name: 'unsigned-failure',
    code: 'ZZ9',
    httpStatus: 500,
    service: 'async-report-status',
  });
  assert.ok((await ask()).status >= 422);
  const { samples } = await scrape(url);
  const service = 'service="reports/async-report-status"';
  const failures = (problem: string) =>
    samples.get(`mks_gateway_mks_call_failures_total{${service},problem="${problem}"}`);
  assert.equal(failures('mks-unknown-outcome'), 1);
  assert.equal(failures('mks-untrusted-response'), 1);
  assert.equal(samples.get(`mks_gateway_mks_messages_in_doubt_total{${service},member="TIB"}`), 2);
  const codes = [...samples.keys()].filter((name) => name.includes('code="ZZ9"'));
  assert.deepEqual(codes, [], 'what an unsigned answer says is no label');
});

test('a scrape without Redis is quick, says so, and keeps what it knows by itself', async (t) => {
  const server = await startTcpRedis(t);
  const sandbox = await startTestSandbox(t);
  const gateway = await startTestGateway(t, { ...environmentOf(sandbox), REDIS_URL: server.url });
  const { url } = gateway;
  const { ask } = client(url);
  await rowsOf(await ask({ processDate: DATE }));
  await server.kill();
  const began = performance.now();
  const { samples } = await scrape(url);
  assert.ok(performance.now() - began < 1_800);
  assert.equal(samples.get('mks_gateway_redis_up'), 0);
  assert.equal(samples.get('mks_gateway_reports_queued{member="TIB"}'), undefined);
  assert.ok(samples.has('mks_gateway_certificate_expiry_timestamp_seconds{member="TIB"}'));
  assert.equal(samples.get('mks_gateway_reports_ended_total{member="TIB",state="ready"}'), 1);
  const ready = await fetch(`${url}/health/ready`);
  assert.equal(ready.status, 503);
  const { checks } = (await ready.json()) as {
    checks: Record<string, { ok: boolean; ageSeconds: number; checkedAt: string }>;
  };
  assert.deepEqual(Object.keys(checks).toSorted(), [
    'accepting',
    'members',
    'redis',
    'spool',
    'trail',
  ]);
  assert.equal(checks['redis']?.ok, false);
  assert.equal(checks['spool']?.ok, true);
  assert.equal(checks['members']?.ok, true);
  for (const check of Object.values(checks)) assert.ok(check.ageSeconds < 2);
  const upstream = (await (await fetch(`${url}/health/upstream`)).json()) as { verdict: string };
  assert.equal(upstream.verdict, 'ours');
  await server.restart();
  await until(async () => (await fetch(`${url}/health/ready`)).status === 200);
  await until(async () => (await scrape(url)).samples.get('mks_gateway_redis_up') === 1);
  // Before its Redis goes for good.
  await gateway.close();
});

test('alerts and dashboard use metrics that exist, and every metric of ours has a place', async (t) => {
  const { url } = await startPair(t);
  const { text } = await scrape(url);
  const types = new Map(
    [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]),
  );
  const exists = (name: string) => {
    const base = name.replace(/_(?:bucket|sum|count)$/, '');
    return types.has(name) || types.get(base) === 'histogram';
  };
  const alerts = await readFile('deploy/prometheus/alerts.yml', 'utf8');
  const expressions = [...alerts.matchAll(/^ {8}expr: (.+)$/gm)].map(([, text_ = '']) => text_);
  const names = [...alerts.matchAll(/^ {6}- alert: (\w+)$/gm)].map(([, name]) => name);
  assert.ok(expressions.length >= 10);
  assert.equal(expressions.length, names.length);
  assert.equal(new Set(names).size, names.length);
  const dashboard = JSON.parse(await readFile('deploy/grafana/dashboard.json', 'utf8')) as {
    panels: { id: number; targets: { expr: string }[] }[];
  };
  const queries = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  assert.ok(queries.length >= 20);
  for (const expression of [...expressions, ...queries]) {
    const used = [...namesIn(expression)];
    assert.ok(used.length > 0, expression);
    for (const name of used) assert.ok(exists(name), `${name} in ${expression}`);
    assert.equal(expression.split('(').length, expression.split(')').length, expression);
  }
  const used = [...namesIn([...expressions, ...queries].join(' '))];
  const unused = [...types.keys()].filter(
    (name) => name.startsWith('mks_gateway_') && !used.some((other) => other.startsWith(name)),
  );
  assert.deepEqual(unused, []);
});

/** The alerts, tried by promtool: each fires when it should and is silent when it should be. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { temporaryFolder } from './scripts/run.ts';

const root = join(import.meta.dirname, '..');
const ALERTS = join(root, 'deploy/prometheus/alerts.yml');
const own = join(root, '.prometheus/usr/bin/promtool');
const promtool = existsSync(own) ? own : 'promtool';

interface Rule {
  alert: string;
  annotations: { summary: string; action: string };
}
const { groups } = parse(readFileSync(ALERTS, 'utf8')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

/** Series of three hours, a sample a minute, from the time 0: name and labels → values. */
type Series = Record<string, string>;
interface Case {
  fires: Series;
  silent: Series;
  /** Minutes at which to look; 60 if nothing is said. */
  at?: number;
}

const OPEN = { 'service_open{group="1"}': '1x180' };
const CLOSED = { 'service_open{group="1"}': '0x180' };
/** Nothing for half an hour, then one event, as counters that start at 0 show it. */
const ONCE = '0x55 1x125';
const MANY = '0+1x180';
const failures = (problem: string) => `mks_call_failures_total{service="s",problem="${problem}"}`;
const DAYS = (days: number) => `${days * 86_400}x180`;

const cases: Record<string, Case> = {
  MksGatewayAbsent: { fires: {}, silent: { redis_up: '1x180' } },
  MksGatewayRedisDown: { fires: { redis_up: '0x180' }, silent: { redis_up: '1x180' } },
  MksGatewayTrailUnavailable: {
    fires: { trail_writable: '0x180' },
    silent: { trail_writable: '1x180' },
  },
  MksGatewayTrailUnstamped: {
    fires: { trail_checkpoints_unstamped: '1x180' },
    // One that is stamped and another that comes: the server is there.
    silent: { trail_checkpoints_unstamped: '1x50 0 1x120' },
    at: 100,
  },
  MksGatewayQueueOld: {
    fires: {
      'reports_oldest_queued_timestamp_seconds{member="TIB"}': '0x180',
      'member_paused{member="TIB"}': '0x180',
      ...OPEN,
    },
    // They wait for opening.
    silent: {
      'reports_oldest_queued_timestamp_seconds{member="TIB"}': '0x180',
      'member_paused{member="TIB"}': '0x180',
      ...CLOSED,
    },
  },
  MksGatewaySlotHeld: {
    fires: { 'slot_taken_timestamp_seconds{member="TIB"}': '0x180' },
    silent: { 'slot_taken_timestamp_seconds{member="TIB"}': '3600x180' },
    at: 90,
  },
  MksUnreachable: {
    fires: { [failures('mks-unreachable')]: MANY },
    silent: { [failures('mks-unreachable')]: ONCE, [failures('outside-service-hours')]: MANY },
  },
  MksFailing: {
    fires: { [failures('mks-error')]: MANY, ...OPEN },
    silent: { [failures('outside-service-hours')]: MANY, [failures('mks-error')]: ONCE, ...OPEN },
  },
  MksLoginRefused: {
    fires: { 'login_paused{member="TIB"}': '1x180' },
    silent: { 'login_paused{member="TIB"}': '0x180' },
  },
  MksUntrustedAnswer: {
    fires: { [failures('mks-untrusted-response')]: ONCE },
    silent: { [failures('mks-untrusted-response')]: '0x180', [failures('mks-error')]: MANY },
  },
  MksMessageInDoubt: {
    fires: { 'mks_messages_in_doubt_total{service="yf",member="TIB"}': ONCE },
    // Asking again settles those.
    silent: {
      'mks_messages_in_doubt_total{service="reports/async-report-status",member="TIB"}': MANY,
      'mks_messages_in_doubt_total{service="auth",member="TIB"}': MANY,
    },
  },
  MksAddressReason: {
    fires: { 'token_reason_present{member="TIB"}': '1x180' },
    silent: { 'token_reason_present{member="TIB"}': '0x50 1x130' },
  },
  MksMemberShutOff: {
    fires: {
      'member_shut_off{member="TIB"}': '1x180',
      'member_shut_off{member="AKY"}': '0x180',
    },
    silent: { 'member_shut_off{member="TIB"}': '0x180' },
  },
  MksCertificateExpires: {
    fires: { 'certificate_expiry_timestamp_seconds{member="TIB"}': DAYS(29) },
    silent: { 'certificate_expiry_timestamp_seconds{member="TIB"}': DAYS(31) },
  },
  MksPasswordExpires: {
    fires: { 'password_expiry_timestamp_seconds{member="TIB"}': DAYS(13) },
    silent: { 'password_expiry_timestamp_seconds{member="TIB"}': DAYS(15) },
  },
  MksGatewayErrors: {
    fires: {
      'http_requests_total{status="500"}': MANY,
      'http_requests_total{status="200"}': '0+10x180',
      ...OPEN,
    },
    // A service that is closed by day, and nobody else's failure.
    silent: {
      'http_requests_total{status="503"}': MANY,
      'http_requests_total{status="200"}': MANY,
      [failures('outside-service-hours')]: MANY,
      ...OPEN,
    },
  },
  MksReportsFail: {
    fires: { 'reports_ended_total{member="TIB",state="failed"}': ONCE },
    silent: {
      'reports_ended_total{member="TIB",state="failed"}': '0x180',
      'reports_ended_total{member="TIB",state="ready"}': MANY,
      'reports_ended_total{member="TIB",state="cancelled"}': MANY,
    },
  },
  MksGatewayEventLoopLate: {
    fires: { nodejs_eventloop_lag_p99_seconds: '0.7x180' },
    silent: { nodejs_eventloop_lag_p99_seconds: '0.1x180' },
  },
  MksGatewayTlsCertificateExpires: {
    fires: { tls_certificate_expiry_timestamp_seconds: DAYS(13) },
    silent: { tls_certificate_expiry_timestamp_seconds: DAYS(15) },
  },
  MkkCertificateExpires: {
    fires: { 'mkk_certificate_expiry_timestamp_seconds{fingerprint="a"}': DAYS(29) },
    // The next one is there already.
    silent: {
      'mkk_certificate_expiry_timestamp_seconds{fingerprint="a"}': DAYS(1),
      'mkk_certificate_expiry_timestamp_seconds{fingerprint="b"}': DAYS(300),
    },
  },
  MksStandingOrderLate: {
    fires: { 'standing_order_late_dates{order="nightly"}': '1x180' },
    silent: { 'standing_order_late_dates{order="nightly"}': '0x180' },
  },
  MksNoticeNotTaken: {
    fires: { 'standing_order_oldest_notice_timestamp_seconds{order="nightly"}': '0x180' },
    silent: { 'standing_order_oldest_notice_timestamp_seconds{order="nightly"}': '1800x180' },
    at: 80,
  },
  MksGatewayFilesRefused: {
    fires: { files_refused: '1x180' },
    silent: { files_refused: '0x180' },
  },
  MksGatewayDiskFull: {
    fires: { data_free_bytes: '1000000000x180' },
    silent: { data_free_bytes: '2000000000x180' },
  },
};

/** How many of these alerts have to fire then. */
interface Look {
  alert: string;
  count: number;
}

/** One trial for promtool: how many of which alerts fire at that minute. */
function trial(name: string, series: Series, at: number, looks: readonly Look[]): object {
  return {
    name,
    interval: '1m',
    input_series: Object.entries(series).map(([metric, values]) => ({
      series: /^(?:nodejs|process)_/.test(metric) ? metric : `mks_gateway_${metric}`,
      values,
    })),
    promql_expr_test: looks.map(({ alert, count }) => ({
      expr: `count by (alertname) (ALERTS{alertname="${alert}",alertstate="firing"})`,
      eval_time: `${at}m`,
      exp_samples: count === 0 ? [] : [{ labels: `{alertname="${alert}"}`, value: count }],
    })),
  };
}

/** Trials of the rules of one file. */
interface Trials {
  rules: string;
  tests: object[];
}

function run(folder: string, all: readonly Trials[]) {
  const files = all.map(({ rules: file, tests }, n) => {
    const path = join(folder, `trials-${n}.yml`);
    // Every JSON text is YAML.
    writeFileSync(path, JSON.stringify({ rule_files: [file], evaluation_interval: '1m', tests }));
    return path;
  });
  const { error, status, stdout, stderr } = spawnSync(promtool, ['test', 'rules', ...files], {
    encoding: 'utf8',
  });
  const advice = 'promtool is missing: run `node scripts/setup.mjs --with-promtool`';
  assert.equal(error, undefined, advice);
  return { status, output: `${stdout}${stderr}` };
}

/** A file with this rule alone: each trial works through all rules of its file, minute by minute. */
function onlyRule(folder: string, alert: string): string {
  const file = join(folder, `${alert}.rules.yml`);
  const only = rules.filter((rule) => rule.alert === alert);
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'mks-gateway', rules: only }] }));
  return file;
}

test('every alert fires when it should, and is silent when it should be', (t) => {
  assert.deepEqual(Object.keys(cases).toSorted(), rules.map(({ alert }) => alert).toSorted());
  const folder = temporaryFolder(t);
  const all = Object.entries(cases).map(([alert, { fires, silent, at = 60 }]) => ({
    rules: onlyRule(folder, alert),
    tests: [
      trial(`${alert} fires`, fires, at, [{ alert, count: 1 }]),
      trial(`${alert} is silent`, silent, at, [{ alert, count: 0 }]),
    ],
  }));
  const { status, output } = run(folder, all);
  assert.equal(status, 0, output);
});

test('a night wakes nobody: reports wait for opening, and callers are told so', (t) => {
  const folder = temporaryFolder(t);
  const night: Series = {
    ...CLOSED,
    redis_up: '1x180',
    'reports_oldest_queued_timestamp_seconds{member="TIB"}': '0x180',
    'reports_queued{member="TIB"}': '9x180',
    'member_paused{member="TIB"}': '0x180',
    'login_paused{member="TIB"}': '0x180',
    'http_requests_total{status="503"}': MANY,
    'http_requests_total{status="200"}': MANY,
    [failures('outside-service-hours')]: MANY,
  };
  const tried = (looks: Look[]) =>
    run(folder, [{ rules: ALERTS, tests: [trial('night', night, 120, looks)] }]);
  const { status, output } = tried(rules.map(({ alert }) => ({ alert, count: 0 })));
  assert.equal(status, 0, output);
  assert.notEqual(tried([{ alert: 'MksGatewayRedisDown', count: 1 }]).status, 0);
});

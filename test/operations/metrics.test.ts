/** Metrics: no label that a stranger could choose, and an answer whether Redis answers or not. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exchange } from '../../src/mks/types.ts';
import { createServiceHours } from '../../src/mks/hours.ts';
import type { MemberState } from '../../src/operations/members.ts';
import { createMetrics } from '../../src/operations/metrics.ts';
import { temporaryFolder } from '../support/folder.ts';

const window = { startMinute: 0, endMinute: 1440 };
const dataDir = await temporaryFolder();
const certificate = { subject: 'CN=Test', fingerprint: 'AA', notAfter: 5_000 };

function setUp(states: () => Promise<MemberState[]> = async () => []) {
  const clock = { now: () => 0, elapsedMs: () => 0 };
  return createMetrics({
    process: {
      hours: createServiceHours({ 1: window, 2: window, 3: window, 4: window }, clock),
      trustedCertificates: () => [],
      tlsCertificate: () => undefined,
      refusedFiles: () => [],
      dataDir,
      trail: { look: async () => undefined, unstamped: () => 0 },
    },
    orders: async () => [],
    states,
    papers: () => [
      { member: 'TIB', certificate, password: { changedOn: '2026-01-01', expiresAt: 9_000 } },
    ],
  });
}

const EXCHANGE: Exchange = {
  time: 1,
  memberCode: 'TIB',
  service: 'reports/async-report-status',
  senderReference: 'GW1',
  durationMs: 1_500,
  requestDigest: '',
  outcome: 'answered',
};

/** The value of a series, by its name and its labels in any order; undefined when there is none. */
function valueOf(text: string, name: string, labels: Record<string, string> = {}) {
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  const line = text
    .split('\n')
    .find(
      (each) =>
        new RegExp(`^mks_gateway_${name}[ {]`).test(each) &&
        wanted.every((label) => each.includes(label)),
    );
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ')));
}

test('a code that nobody signed becomes a label only if it is known', async () => {
  const metrics = setUp();
  for (const code of ['RP021', '0000', '0x00D30003', '0x00d3ffff', 'x"} 1\n', 'ZZ999', undefined]) {
    metrics.onExchange({ ...EXCHANGE, ...(code !== undefined && { code }) });
  }
  const text = await metrics.text();
  const codes = [...text.matchAll(/^mks_gateway_mks_messages_total\{.*code="([^"]*)"/gm)];
  assert.deepEqual(codes.map(([, code = '']) => code).toSorted(), [
    '0000',
    '0x00d3',
    'RP021',
    'none',
    'other',
  ]);
  assert.equal(valueOf(text, 'mks_messages_total', { code: 'other' }), 2);
  assert.equal(valueOf(text, 'mks_messages_total', { code: '0x00d3' }), 2);
  assert.equal(valueOf(text, 'mks_message_duration_seconds_sum'), 7 * 1.5, 'in seconds');
});

test('failures that have not happened stand at nought, so that the first is seen', async () => {
  const metrics = setUp();
  const before = await metrics.text();
  const service = 'reports/account/balance-report';
  const series: [string, Record<string, string>][] = [
    ['mks_call_failures_total', { service, problem: 'mks-unknown-outcome' }],
    ['mks_messages_in_doubt_total', { service, member: 'TIB' }],
    ['mks_logins_total', { member: 'TIB', outcome: 'refused' }],
    ['reports_ended_total', { member: 'TIB', state: 'failed' }],
    ['report_remarks_total', { remark: 'other-date' }],
  ];
  for (const [name, labels] of series) assert.equal(valueOf(before, name, labels), 0, name);
  metrics.onExchange({ ...EXCHANGE, service, outcome: 'unknown' });
  metrics.onExchange({ ...EXCHANGE, service: 'auth', outcome: 'refused' });
  const remarks = [{ remark: 'other-date' as const, detail: 'x', count: 3 }];
  metrics.onReportEnd({ member: 'TIB', state: 'failed', durationMs: 2_000, remarks });
  const after = await metrics.text();
  const grown = series.slice(1).map(([name, labels]) => valueOf(after, name, labels));
  assert.deepEqual(grown, [1, 1, 1, 3]);
});

test('without Redis it answers within a good second, with what needs none', async () => {
  for (const states of [
    () => Promise.reject(new Error('away')),
    () => new Promise<MemberState[]>(() => undefined),
  ]) {
    const began = performance.now();
    const text = await setUp(states).text();
    assert.ok(performance.now() - began < 2_500);
    assert.equal(valueOf(text, 'redis_up'), 0);
    assert.equal(valueOf(text, 'certificate_expiry_timestamp_seconds', { member: 'TIB' }), 5);
    assert.equal(valueOf(text, 'password_expiry_timestamp_seconds', { member: 'TIB' }), 9);
    assert.equal(valueOf(text, 'reports_queued'), undefined);
  }
});

test('a member that is gone leaves no gauge behind', async () => {
  const queue = { length: 3, preparing: 1, paused: true, oldestAt: 4_000 };
  const state: MemberState = { member: 'TIB', token: { expiresAt: 8_000 }, certificate, queue };
  let states: MemberState[] = [state];
  const metrics = setUp(async () => states);
  const text = await metrics.text();
  const seen = ['redis_up', 'reports_queued', 'reports_oldest_queued_timestamp_seconds'];
  assert.deepEqual(
    [...seen, 'member_paused', 'token_expiry_timestamp_seconds'].map((name) => valueOf(text, name)),
    [1, 3, 4, 1, 8],
  );
  assert.equal(valueOf(text, 'slot_taken_timestamp_seconds'), undefined);
  states = [];
  assert.equal(valueOf(await metrics.text(), 'reports_queued'), undefined);
});

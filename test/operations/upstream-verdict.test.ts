/** The upstream verdict: what each way to fail says of whose trouble it is. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Member } from '../../src/lib/credentials.ts';
import { MksError, type MksErrorCode, type MksErrorDetails } from '../../src/mks/errors.ts';
import { createServiceHours } from '../../src/mks/hours.ts';
import { createUpstreamVerdicts, type Verdict } from '../../src/operations/upstream-verdict.ts';
import { makeIdentity } from '../support/identities.ts';

const SERVICE = 'reports/async-report-status';
const identity = await makeIdentity();
const TOKEN = { expiresAt: 1 };
const REASON = { ...TOKEN, reason: 'no address' };

function setUp() {
  let now = Date.UTC(2026, 10, 23, 7);
  const member: Member = {
    memberCode: 'TIB',
    userCode: 'TIB991',
    password: 'Secret1!',
    referencePrefix: 'GW',
    identity: {
      ...identity,
      certificate: Object.create(identity.certificate, {
        validFromDate: { value: new Date(now - 86_400_000) },
        validToDate: { value: new Date(now + 86_400_000) },
      }) as typeof identity.certificate,
    },
  };
  const clock = { now: () => now, elapsedMs: () => now };
  const window = { startMinute: 60, endMinute: 23 * 60 };
  const watch = createUpstreamVerdicts({
    credentials: () => ({ members: new Map([['TIB', member]]), trustedCertificates: [] }),
    hours: createServiceHours({ 1: window, 2: window, 3: window, 4: window }, clock),
    clock,
  });
  const fail = (code: MksErrorCode, details: Partial<MksErrorDetails> = {}, cause?: unknown) => {
    const error = new MksError(code, 'failed', { outcome: 'unknown', ...details }, cause);
    watch.onCall({ time: now, memberCode: 'TIB', service: SERVICE, error });
  };
  return {
    watch,
    fail,
    answer: (code: string) =>
      watch.onCall({ time: now, memberCode: 'TIB', service: SERVICE, code }),
    advance: (ms: number) => (now += ms),
    verdict: (token: Parameters<typeof watch.of>[1] = TOKEN) => watch.of('TIB', token).verdict,
  };
}

function caused(code: string): Error {
  const inner = Object.assign(new Error('inner'), { code });
  return new Error('outer', { cause: inner });
}

const failures: [MksErrorCode, Partial<MksErrorDetails>, string | undefined, Verdict][] = [
  ['mks-unreachable', { outcome: 'not-sent' }, 'ECONNREFUSED', 'network'],
  ['mks-unreachable', { outcome: 'not-sent' }, 'ENOTFOUND', 'network'],
  ['mks-unreachable', { outcome: 'not-sent' }, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'network'],
  ['mks-unreachable', { outcome: 'not-sent' }, 'EADDRNOTAVAIL', 'ours'],
  ['mks-unreachable', { outcome: 'not-sent' }, undefined, 'network'],
  ['mks-unknown-outcome', {}, undefined, 'mkk-down'],
  ['mks-error', { httpStatus: 503 }, undefined, 'mkk-down'],
  ['mks-error', { mksCode: 'OI003' }, undefined, 'mkk-down'],
  ['mks-error', { mksCode: 'OI010' }, undefined, 'signature'],
  ['mks-error', { mksCode: 'OI012' }, undefined, 'signature'],
  ['mks-untrusted-response', {}, undefined, 'signature'],
  ['mks-login-refused', { outcome: 'not-sent' }, undefined, 'login'],
  ['mks-error', { mksCode: 'OI006', tokenRefused: true }, undefined, 'login'],
  ['state-unavailable', { outcome: 'not-sent' }, undefined, 'ours'],
];

for (const [code, details, systemCode, expected] of failures) {
  test(`${code} ${details.mksCode ?? systemCode ?? ''} → ${expected}, until an answer comes`, () => {
    const { fail, answer, verdict, watch } = setUp();
    assert.equal(verdict(), 'unknown');
    fail(code, details, systemCode === undefined ? undefined : caused(systemCode));
    assert.equal(verdict(), expected);
    const { lastFailure, failuresInARow } = watch.of('TIB', TOKEN);
    assert.equal(failuresInARow, 1);
    assert.equal(lastFailure?.problem, code);
    if (systemCode !== undefined) assert.match(lastFailure.detail ?? '', RegExp(systemCode));
    // A business code is an answer: the way to MKS works.
    answer('RP018');
    assert.equal(verdict(), 'ok');
    assert.equal(watch.of('TIB', TOKEN).failuresInARow, 0);
  });
}

test('an unsigned "still waiting" is no outage', () => {
  const { fail, verdict } = setUp();
  fail('mks-error', { outcome: 'refused', mksCode: 'RP021', verified: false, httpStatus: 422 });
  assert.equal(verdict(), 'ok');
});

test('what is no outage is no evidence', () => {
  const { fail, answer, verdict } = setUp();
  answer('0000');
  fail('outside-service-hours', { outcome: 'not-sent' });
  fail('conflict', { outcome: 'not-sent' });
  assert.equal(verdict(), 'ok');
});

test('a reason with the token counts beside a refusal alone', () => {
  const { fail, answer, verdict } = setUp();
  assert.equal(verdict(REASON), 'unknown');
  fail('mks-error', { mksCode: 'OI006', tokenRefused: true });
  assert.equal(verdict(REASON), 'address-not-registered');
  fail('mks-unreachable', { outcome: 'not-sent' });
  assert.equal(verdict(REASON), 'network');
  answer('0000');
  assert.equal(verdict(REASON), 'ok');
});

test('Redis, a paused login, the hours and our certificate speak without a call', () => {
  const { answer, verdict, advance, watch } = setUp();
  answer('0000');
  assert.equal(watch.of('TIB', undefined).verdict, 'ours');
  assert.equal(verdict({ refusedUntil: 1 }), 'login');
  advance(14 * 3_600_000);
  assert.equal(verdict(), 'closed');
  assert.equal(verdict({ refusedUntil: 1 }), 'login');
  advance(11 * 3_600_000);
  assert.equal(verdict(), 'ours', 'the certificate has ended');
});

test('a refused or unanswered login in the background counts', () => {
  const { watch, verdict } = setUp();
  const exchange = {
    time: 1,
    memberCode: 'TIB',
    service: 'auth',
    senderReference: 'GW1',
    durationMs: 1,
    requestDigest: '',
  };
  watch.onExchange({ ...exchange, outcome: 'answered' });
  assert.equal(verdict(), 'unknown');
  watch.onExchange({ ...exchange, outcome: 'refused', code: '0x00d30003', httpStatus: 500 });
  assert.equal(verdict(), 'login');
  watch.onExchange({ ...exchange, outcome: 'unknown' });
  assert.equal(verdict(), 'mkk-down');
});

/** What passes by itself, by the kind of the failure; that of each code is held by its own walk. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MksError, type MksErrorCode, type MksErrorDetails } from '../../../src/mks/errors.ts';
import { failureOf, passingOf, pauseMs } from '../../../src/reports/life/retry.ts';

function error(code: MksErrorCode, details: Partial<MksErrorDetails> = {}): MksError {
  return new MksError(code, 'it failed', { outcome: 'refused', ...details });
}

/** Contract rule 6, but for the codes. */
const CASES: [given: MksError, waitedOutAs: ReturnType<typeof passingOf>][] = [
  [error('mks-unreachable'), 'mks-unreachable'],
  [error('mks-unknown-outcome'), 'mks-unknown-outcome'],
  [error('outside-service-hours'), 'outside-service-hours'],
  [error('mks-login-refused'), 'mks-login-refused'],
  [error('mks-error', { httpStatus: 500 }), 'mks-error'],
  [error('mks-error', { httpStatus: 429 }), 'mks-error'],
  [error('mks-error', { mksCode: 'ZZ999' }), undefined],
  // A login's: it says nothing of the report, which has not been asked for.
  [error('mks-error', { mksCode: 'OI020', outcome: 'not-sent' }), 'mks-error'],
  [error('mks-error', { mksCode: 'OI006', tokenRefused: true }), 'mks-login-refused'],
  [error('mks-untrusted-response'), undefined],
  [error('conflict'), undefined],
  [error('state-unavailable'), undefined],
];

for (const [given, waitedOutAs] of CASES) {
  const { code, details } = given;
  test(`${code} ${details.mksCode ?? details.httpStatus ?? ''}: ${waitedOutAs ?? 'does not pass'}`, () => {
    assert.equal(passingOf(given), waitedOutAs);
    assert.equal(failureOf(given).retryable, waitedOutAs !== undefined);
  });
}

test('a pause grows by half each time to its longest, spread by a tenth', () => {
  for (let pauses = 0; pauses < 40; pauses += 1) {
    const grown = Math.min(2_000 * 1.5 ** pauses, 15_000);
    for (let n = 0; n < 20; n += 1) {
      const pause = pauseMs(2_000, pauses);
      assert.ok(pause >= grown * 0.9 - 1 && pause <= grown * 1.1 + 1, `${pause} after ${pauses}`);
    }
  }
  assert.ok(pauseMs(2_000, 1_000_000, 60_000) <= 66_000);
  assert.ok(pauseMs(0.001, 0) >= 1, 'a pause of nothing would be a loop');
});

test('a failure bears the code with its particulars, and nothing that was not told', () => {
  const details = { mksCode: 'OI002', senderReference: 'GW1-A', messageId: '7', service: 'x' };
  assert.deepEqual(failureOf(error('mks-error', details)), {
    code: 'mks-error',
    detail: 'it failed',
    outcome: 'refused',
    retryable: false,
    senderReference: 'GW1-A',
    mks: { code: 'OI002', description: '', service: 'x', senderReference: 'GW1-A', messageId: '7' },
  });
  assert.deepEqual(failureOf(error('mks-unreachable', { outcome: 'not-sent' })), {
    code: 'mks-unreachable',
    detail: 'it failed',
    outcome: 'not-sent',
    retryable: true,
  });
});

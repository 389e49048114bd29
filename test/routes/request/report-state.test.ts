/** Only a ready report has rows; each other state is told by its own problem. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../../src/problems.ts';
import type { Report } from '../../../src/reports/types.ts';
import { reportMustBeReady } from '../../../src/routes/request/report-state.ts';

const context = { now: 0, advise: () => undefined };

function refusal(change: Partial<Report>): ProblemError {
  const report: Report = {
    id: 'r1',
    member: 'TIB',
    processDate: '20250505',
    filters: {},
    state: 'ready',
    version: 1,
    createdAt: 0,
    updatedAt: 0,
    expiresAt: 1,
    files: [],
    ...change,
  };
  try {
    reportMustBeReady(report, context);
  } catch (error) {
    assert.ok(error instanceof ProblemError);
    return error;
  }
  assert.fail(`${report.state} passed`);
}

test('a ready report passes', () => {
  assert.throws(() => refusal({ state: 'ready' }), /ready passed/);
});

test('what is not there yet, or never will be, is a conflict; only the first is worth a retry', () => {
  for (const [state, word, isLater] of [
    ['queued', /turn/, true],
    ['preparing', /prepared/, true],
    ['cancelled', /cancelled/, false],
  ] as const) {
    const { slug, options } = refusal({ state });
    assert.equal(slug, 'conflict', state);
    assert.match(options.detail?.en ?? '', word);
    assert.equal(options.retryAfterMs !== undefined, isLater, state);
  }
});

test('an expired report is gone, and a failed one has the problem that it failed with', () => {
  assert.equal(refusal({ state: 'expired' }).slug, 'report-expired');
  const failure = { code: 'storage-full', detail: 'full', retryable: true } as const;
  assert.equal(refusal({ state: 'failed', failure }).slug, 'storage-full');
  assert.equal(refusal({ state: 'failed' }).slug, 'internal');
});

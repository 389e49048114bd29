/** Whatever is thrown below the edge, as the problem that a caller gets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MksError } from '../../src/mks/errors.ts';
import { ProblemError } from '../../src/problems.ts';
import { toProblem } from '../../src/problems/from-error.ts';
import {
  ReportGoneError,
  StorageFullError,
  TooManyReadersError,
} from '../../src/reports/errors.ts';
import { ArchiveError } from '../../src/rows/read/errors.ts';
import { StateUnavailableError } from '../../src/state/errors.ts';

const NOW = 1_000_000;
const hint = { en: 'hint', tr: 'ipucu' };
const context = {
  now: NOW,
  advise: (code: string, service?: string) =>
    code === 'RP048'
      ? { hint: { ...hint, en: `hint for ${service}` }, retryable: false }
      : undefined,
};

test('each error of the inner layers has its problem, and stays its cause', () => {
  const cases: [Error, string, number][] = [
    [new StateUnavailableError(new Error('gone')), 'state-unavailable', 503],
    [new ReportGoneError(), 'report-expired', 410],
    [new TooManyReadersError(), 'overloaded', 503],
    [new StorageFullError(new Error('ENOSPC')), 'storage-full', 507],
    [new ArchiveError('corrupt', 'broken'), 'mks-archive-invalid', 502],
    [new TypeError('a mistake of ours'), 'internal', 500],
  ];
  for (const [error, slug, status] of cases) {
    const problem = toProblem(error, context);
    assert.deepEqual([problem.slug, problem.status], [slug, status], error.name);
    assert.equal(problem.cause, error);
  }
  const known = new ProblemError('not-found');
  assert.equal(toProblem(known, context), known);
  assert.equal(toProblem('a text', context).slug, 'internal');
});

test('what is not known tells nothing of itself', () => {
  const { options } = toProblem(new Error('password=secret'), context);
  assert.doesNotMatch(JSON.stringify({ ...options, cause: undefined }), /secret/);
});

test('an answer of MKS is shown with the hint of the service that was called', () => {
  const error = new MksError('mks-error', 'MKS refused', {
    outcome: 'refused',
    mksCode: 'RP048',
    mksDescription: 'Yetki yok',
    verified: true,
    service: 'reports/async-report-status',
    senderReference: 'GW1-1',
  });
  const { options } = toProblem(error, context);
  assert.deepEqual(options.extensions?.mks, {
    code: 'RP048',
    description: 'Yetki yok',
    senderReference: 'GW1-1',
  });
  assert.equal(options.extensions?.hint?.en, 'hint for reports/async-report-status');
  assert.equal(options.extensions?.outcome, 'refused');
});

test('of an answer without a signature the code alone is repeated, if it is one', () => {
  const unsigned = { outcome: 'unknown', mksDescription: 'anything', verified: false } as const;
  const shown = (mksCode: string) =>
    toProblem(new MksError('mks-error', 'MKS answered', { ...unsigned, mksCode }), context).options
      .extensions?.mks;
  assert.deepEqual(shown('OI003'), { code: 'OI003' });
  assert.equal(shown('<script>'), undefined);
  const untrusted = new MksError('mks-untrusted-response', 'no', { ...unsigned, mksCode: 'OI003' });
  assert.equal(toProblem(untrusted, context).options.extensions?.mks, undefined);
});

test('who has to wait is told how long', () => {
  const closed = new MksError('outside-service-hours', 'closed', {
    outcome: 'not-sent',
    opensAt: NOW + 60_000,
  });
  assert.equal(toProblem(closed, context).options.retryAfterMs, 60_000);
  const paused = new MksError('mks-login-refused', 'paused', {
    outcome: 'not-sent',
    retryAfterMs: 5_000,
  });
  assert.equal(toProblem(paused, context).options.retryAfterMs, 5_000);
});

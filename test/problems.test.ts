/** The problem catalogue: complete in both languages, and every inner error has its place in it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MksError, type MksErrorCode } from '../src/mks/errors.ts';
import { resultCodes } from '../src/mks/codes.ts';
import { isProblemSlug, PROBLEM_SLUGS, ProblemError, problemText } from '../src/problems.ts';
import { adviceFor } from '../src/problems/advice.ts';
import { failureProblem, toProblem } from '../src/problems/from-error.ts';
import { problemDocument } from '../src/problems/render.ts';
import { ArchiveError } from '../src/rows/read/errors.ts';
import { ReportGoneError, StorageFullError } from '../src/reports/errors.ts';
import { TrailUnavailableError } from '../src/trail/errors.ts';
import { StateUnavailableError } from '../src/state/errors.ts';

const context = { advise: () => undefined, now: 0 };

test('every problem has its own texts in both languages', () => {
  for (const language of ['en', 'tr'] as const) {
    const titles = PROBLEM_SLUGS.map((slug) => problemText(slug, language).title);
    assert.equal(new Set(titles).size, PROBLEM_SLUGS.length);
    for (const slug of PROBLEM_SLUGS) {
      for (const text of Object.values(problemText(slug, language)))
        assert.ok(text.length > 5, slug);
    }
  }
  for (const slug of PROBLEM_SLUGS) {
    assert.notEqual(problemText(slug, 'en').meaning, problemText(slug, 'tr').meaning);
  }
});

test('every typed error of the inner layers is a problem', () => {
  const codes: MksErrorCode[] = [
    'outside-service-hours',
    'state-unavailable',
    'conflict',
    'mks-unreachable',
    'mks-unknown-outcome',
    'mks-untrusted-response',
    'mks-error',
    'mks-login-refused',
  ];
  for (const code of codes) {
    const error = new MksError(code, 'a reason', { outcome: 'unknown', senderReference: 'GW1' });
    const document = problemDocument(toProblem(error, context), 'en', {});
    assert.equal(document.type, `/problems/${code}`);
    assert.equal(document.detail, 'a reason');
    assert.equal(document.outcome, 'unknown');
    assert.equal(document.senderReference, 'GW1');
  }
  const others: [Error, string][] = [
    [new StateUnavailableError(), 'state-unavailable'],
    [new TrailUnavailableError('ENOSPC'), 'trail-unavailable'],
    [new ReportGoneError(), 'report-expired'],
    [new StorageFullError(undefined), 'storage-full'],
    [new ArchiveError('corrupt', 'damaged'), 'mks-archive-invalid'],
    [new TypeError('inside'), 'internal'],
  ];
  for (const [error, slug] of others) assert.equal(toProblem(error, context).slug, slug);
});

test('tells nothing of an error that nobody expected', () => {
  for (const thrown of [new Error('password is 1234'), 'password is 1234', undefined]) {
    const document = problemDocument(toProblem(thrown, context), 'en', { requestId: 'r' });
    assert.doesNotMatch(JSON.stringify(document), /1234/);
    assert.equal(document.status, 500);
  }
});

test('a failure with a code of no problem is an inner error', () => {
  assert.equal(failureProblem({ code: 'who-knows', detail: 'x' }, context).slug, 'internal');
  assert.equal(isProblemSlug('toString'), false);
});

test('a hint names the authorities that the user may lack', () => {
  const entry = resultCodes.find(({ code }) => code === 'RP015');
  assert.ok(entry);
  const { hint } = adviceFor(entry);
  assert.match(hint.en, /YT14/);
  assert.match(hint.en, /ASYNC_REPORT_CONTENT_QUERY/);
  assert.match(hint.tr, /YT14/);
});

test('a Turkish reader gets Turkish, and a known code its hint', () => {
  const error = new MksError('mks-error', 'English only', { outcome: 'refused', mksCode: 'OI003' });
  const document = problemDocument(toProblem(error, { advise: askSomebody, now: 0 }), 'tr', {});
  assert.equal(document.hint, 'Sorun.');
  assert.equal(document.retryable, true);
  assert.doesNotMatch(document.detail, /English/);
  assert.equal(new ProblemError('conflict').status, 409);
});

function askSomebody() {
  return { hint: { en: 'Ask.', tr: 'Sorun.' }, retryable: true };
}

test('says at once what to send in place of a body of the wrong type', () => {
  for (const language of ['en', 'tr'] as const) {
    const { detail } = problemDocument(new ProblemError('unsupported-media-type'), language, {});
    assert.match(detail, /`application\/json`/);
  }
});

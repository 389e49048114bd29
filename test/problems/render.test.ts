import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../src/problems.ts';
import { problemDocument, retryAfterSeconds } from '../../src/problems/render.ts';

const both = (word: string) => ({ en: `${word} in English`, tr: `${word} Türkçe` });
const problem = new ProblemError('outside-service-hours', {
  detail: both('detail'),
  extensions: {
    hint: both('hint'),
    errors: [{ path: '/a', message: both('mistake') }],
    opensAt: Date.UTC(2025, 4, 5, 22),
    outcome: 'not-sent',
  },
});

test('a problem is one language throughout, and Istanbul’s time', () => {
  const place = { instance: '/balances', requestId: 'r1' };
  const { title, ...document } = problemDocument(problem, 'tr', place);
  assert.ok(title);
  assert.deepEqual(document, {
    type: '/problems/outside-service-hours',
    status: 503,
    detail: 'detail Türkçe',
    instance: '/balances',
    requestId: 'r1',
    outcome: 'not-sent',
    errors: [{ path: '/a', message: 'mistake Türkçe' }],
    hint: 'hint Türkçe',
    opensAt: '2025-05-06T01:00:00.000+03:00',
  });
  assert.equal(problemDocument(problem, 'en', place).detail, 'detail in English');
});

test('without a detail of its own a problem says what its type means', () => {
  const { detail, ...document } = problemDocument(new ProblemError('not-found'), 'en', {});
  assert.ok(detail.length > 10);
  assert.deepEqual(Object.keys(document), ['type', 'title', 'status']);
});

test('a wait is told in whole seconds, at least one and never too short', () => {
  assert.equal(retryAfterSeconds(-5), 1);
  assert.equal(retryAfterSeconds(0), 1);
  assert.equal(retryAfterSeconds(1_000), 1);
  assert.equal(retryAfterSeconds(1_001), 2);
});

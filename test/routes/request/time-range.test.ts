/** Ranges of time: instants with their offset and days of Istanbul, both ends included. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '../../../src/problems.ts';
import { readTimeRange } from '../../../src/routes/request/time-range.ts';

const MIDNIGHT = Date.parse('2025-05-04T21:00:00Z');

test('a day is Istanbul’s, from its midnight to its last millisecond', () => {
  assert.deepEqual(readTimeRange('20250505', '20250505'), {
    from: MIDNIGHT,
    to: MIDNIGHT + 86_400_000 - 1,
  });
  assert.deepEqual(readTimeRange(undefined, undefined), {});
  assert.deepEqual(readTimeRange('20240229', undefined), {
    from: Date.parse('2024-02-28T21:00:00Z'),
  });
});

test('an instant is taken in each way in which it arrives', () => {
  for (const text of [
    '2025-05-05T00:00:00+03:00',
    '2025-05-05T00:00:00 03:00',
    '2025-05-05 00:00:00+03:00',
    '2025-05-04T21:00:00Z',
    '2025-05-04t21:00:00.000z',
  ]) {
    assert.deepEqual(readTimeRange(text, text), { from: MIDNIGHT, to: MIDNIGHT }, text);
  }
});

test('each end that cannot be read is named, both at once', () => {
  const texts = [
    '20250230',
    '2025-05-05',
    '2025-05-05T00:00:00',
    '2025-02-30T00:00:00Z',
    '2025-05-05T25:00:00Z',
    '1746392400000',
    '',
  ];
  for (const text of texts) {
    assert.throws(
      () => readTimeRange(text, text),
      (error) => {
        assert.ok(error instanceof ProblemError, text);
        assert.equal(error.slug, 'invalid-request');
        const errors = error.options.extensions?.errors ?? [];
        assert.deepEqual(
          errors.map(({ path }) => path),
          ['from', 'to'],
          text,
        );
        return true;
      },
    );
  }
});

/** Remarks of several files as one list. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergeRemarks } from '../../src/rows/remarks.ts';

test('the same remark is counted together, another detail is another remark', () => {
  const given = [
    { remark: 'other-date', detail: '20250504', count: 2 },
    { remark: 'other-date', detail: '20250503', count: 1 },
    { remark: 'other-member', detail: '20250504', count: 5 },
    { remark: 'other-date', detail: '20250504', count: 3 },
  ] as const;
  assert.deepEqual(mergeRemarks(given), [
    { remark: 'other-date', detail: '20250504', count: 5 },
    { remark: 'other-date', detail: '20250503', count: 1 },
    { remark: 'other-member', detail: '20250504', count: 5 },
  ]);
  assert.equal(given[0].count, 2, 'what was given stays as it was');
  assert.deepEqual(mergeRemarks([]), []);
});

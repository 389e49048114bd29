/** Prefer (RFC 7240): how long a caller wants to wait, and what is said to have been honoured. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { readPrefer } from '../../../src/routes/request/prefer.ts';

const cases: [header: string | string[] | undefined, waitMs?: number, applied?: string][] = [
  [undefined],
  [''],
  ['return=minimal'],
  ['wait=10', 10_000, 'wait=10'],
  ['wait=0', 0, 'wait=0'],
  [' WAIT = "7" ; foo=bar', 7_000, 'wait=7'],
  ['wait=120', 120_000, 'wait=120'],
  ['wait=121', 120_000, 'wait=120'],
  ['wait=999999999', 120_000, 'wait=120'],
  ['return=minimal, wait=3, wait=5', 3_000, 'wait=3'],
  [['return=minimal', 'wait=4'], 4_000, 'wait=4'],
  ['wait=-1'],
  ['wait=1.5'],
  ['wait='],
  ['wait'],
  ['waiting=5'],
  ['wait=1e3'],
  // The first counts, and it cannot be read.
  ['wait=soon, wait=5'],
  ['respond-async', 0, 'respond-async'],
  ['wait=10, Respond-Async', 0, 'respond-async'],
  ['respond-async=1; x, wait=2', 2_000, 'wait=2'],
];
for (const [header, waitMs, applied] of cases) {
  test(`Prefer: ${JSON.stringify(header)}`, () => {
    assert.deepEqual(readPrefer(header), {
      respondAsync: applied === 'respond-async',
      ...(waitMs !== undefined && { waitMs, applied }),
    });
  });
}

test('whatever a header holds, nobody waits longer than two minutes', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 0 }), (noise, seconds) => {
      const { waitMs = 0 } = readPrefer(`${noise}, wait=${seconds}`);
      assert.ok(waitMs >= 0 && waitMs <= 120_000);
    }),
  );
});

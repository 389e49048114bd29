import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StandingOrder } from '../../src/config/orders.ts';
import { toIstanbulTimestamp } from '../../src/lib/dates.ts';
import { dueRuns, nextRunAt, runFor } from '../../src/orders/runs.ts';

const ORDER: StandingOrder = {
  name: 'nightly',
  member: 'TIB',
  at: '01:05',
  date: 'yesterday',
  filters: {},
  days: [0, 1, 2, 3, 4, 5, 6],
  catchUpDays: 2,
  lateAfter: '06:00',
};
const at = (text: string): number => Date.parse(`${text}+03:00`);
const dates = (order: StandingOrder, now: string): string[] =>
  dueRuns(order, at(now)).map(({ processDate }) => processDate);

test('a day is due from its minute on, in Istanbul, and the oldest comes first', () => {
  assert.deepEqual(dates(ORDER, '2026-11-27T01:04:59.999'), ['20261124', '20261125']);
  assert.deepEqual(dates(ORDER, '2026-11-27T01:05:00'), ['20261124', '20261125', '20261126']);
  assert.deepEqual(dates(ORDER, '2026-11-27T23:59:59'), ['20261124', '20261125', '20261126']);
});

test('today is the date of the run itself', () => {
  const order: StandingOrder = { ...ORDER, date: 'today', at: '22:30', catchUpDays: 0 };
  assert.deepEqual(dates(order, '2026-03-01T22:29:00'), []);
  assert.deepEqual(dates(order, '2026-03-01T22:30:00'), ['20260301']);
});

test('days are those of the run: from Tuesday to Saturday it fetches Monday to Friday', () => {
  const order = { ...ORDER, days: [2, 3, 4, 5, 6], catchUpDays: 7 };
  // Friday 27 November 2026.
  assert.deepEqual(dates(order, '2026-11-27T02:00:00'), [
    '20261119',
    '20261120',
    '20261123',
    '20261124',
    '20261125',
    '20261126',
  ]);
  assert.equal(
    toIstanbulTimestamp(nextRunAt(order, at('2026-11-28T02:00:00'))),
    '2026-12-01T01:05:00.000+03:00',
  );
});

test('months, years and leap days come one after another', () => {
  assert.deepEqual(dates(ORDER, '2028-03-01T02:00:00'), ['20280227', '20280228', '20280229']);
  assert.deepEqual(dates(ORDER, '2027-01-02T02:00:00'), ['20261230', '20261231', '20270101']);
});

test('it is late at its time, or the next day where that is not after the run', () => {
  const late = (order: StandingOrder): string => {
    return toIstanbulTimestamp(runFor(order, '20261126').lateAt);
  };
  assert.equal(late(ORDER), '2026-11-27T06:00:00.000+03:00');
  assert.equal(late({ ...ORDER, date: 'today', at: '18:00' }), '2026-11-27T06:00:00.000+03:00');
  assert.equal(late({ ...ORDER, at: '06:00' }), '2026-11-28T06:00:00.000+03:00');
});

test('the process may live in any time zone', () => {
  const before = process.env['TZ'];
  try {
    for (const zone of ['America/Los_Angeles', 'Europe/Istanbul', 'Pacific/Auckland']) {
      process.env['TZ'] = zone;
      assert.deepEqual(dates(ORDER, '2026-11-27T01:05:00').at(-1), '20261126', zone);
      assert.equal(nextRunAt(ORDER, at('2026-11-27T01:05:00')), at('2026-11-28T01:05:00'), zone);
    }
  } finally {
    if (before === undefined) delete process.env['TZ'];
    else process.env['TZ'] = before;
  }
});

test('a clock that jumps back or far ahead finds the days of its own time, and no more', () => {
  assert.equal(dueRuns(ORDER, at('2026-11-27T12:00:00')).length, 3);
  assert.equal(dueRuns(ORDER, at('2031-01-01T12:00:00')).length, 3);
  assert.equal(dueRuns(ORDER, at('2026-11-26T23:00:00')).at(-1)?.processDate, '20261125');
});

test('an order that runs on no day has no next run', () => {
  assert.throws(
    () => nextRunAt({ ...ORDER, days: [] }, at('2026-11-27T12:00:00')),
    /without a day/,
  );
});

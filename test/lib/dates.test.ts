/** Dates: Istanbul’s whatever the machine’s zone, and only days that the calendar has. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import * as dates from '../../src/lib/dates.ts';

const instant = fc.integer({ min: 0, max: Date.UTC(9990, 0) });

test('a timestamp names its instant, and reads back as it', () => {
  fc.assert(
    fc.property(instant, (ms) => {
      const text = dates.toIstanbulTimestamp(ms);
      assert.match(text, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+03:00$/);
      assert.equal(dates.parseInstant(text), ms);
      assert.equal(dates.toIstanbulDate(ms), text.slice(0, 10).replaceAll('-', ''));
    }),
  );
});

test('a day begins at Istanbul’s midnight', () => {
  const midnight = Date.parse('2025-05-05T00:00:00+03:00');
  assert.equal(dates.istanbulMidnight(midnight), midnight);
  assert.equal(dates.istanbulMidnight(midnight - 1), midnight - 86_400_000);
  assert.equal(dates.istanbulMidnight(midnight + 86_399_999), midnight);
  assert.equal(dates.toIstanbulWeekday(midnight), 1, 'a Monday');
  assert.equal(dates.toIstanbulWeekday(midnight - 1), 0);
});

test('the calendar: leap years by all their rules, and one spelling throughout', () => {
  for (const day of ['20240229', '20000229', '2025-12-31', '19000228']) {
    assert.equal(dates.isCalendarDay(day), true, day);
  }
  const none = [
    '20250229',
    '19000229',
    '20250431',
    '20251301',
    '20250500',
    '2025-0505',
    '202505-05',
  ];
  for (const day of [...none, '2025-5-5', '', ' 20250505', '20250505x']) {
    assert.equal(dates.isCalendarDay(day), false, day);
  }
});

test('the calendar has the days that Date has', () => {
  const upTo = (max: number) => fc.integer({ min: 0, max });
  fc.assert(
    fc.property(upTo(9_999), upTo(13), upTo(32), (year, month, day) => {
      const date = new Date(0);
      date.setUTCFullYear(year, month - 1, day);
      const isDay = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
      const text = `${year}`.padStart(4, '0') + `${month}`.padStart(2, '0');
      assert.equal(dates.isCalendarDay(text + `${day}`.padStart(2, '0')), isDay);
    }),
    { numRuns: 1_000 },
  );
});

test('an instant has a day of the calendar, a time and an offset', () => {
  const ms = Date.parse('2025-05-05T10:00:00Z');
  for (const text of ['2025-05-05T10:00:00Z', '2025-05-05t13:00:00.000+03:00']) {
    assert.equal(dates.parseInstant(text), ms, text);
  }
  for (const text of [
    '2025-05-05T10:00:00',
    '2025-02-30T10:00:00Z',
    '2025-05-05T25:00:00Z',
    '2025-05-05T10:00Z',
    '2025-05-05',
    'Mon, 05 May 2025 10:00:00 GMT',
    '',
  ]) {
    assert.equal(dates.parseInstant(text), undefined, text);
  }
});

test('instants that are known become timestamps under their names; the others are left out', () => {
  const atMs = Date.parse('2025-05-05T00:00:00+03:00');
  const found = dates.istanbulTimestamps({ readyAt: 0, startsAt: undefined, endsAt: atMs });
  assert.deepEqual(Object.entries(found), [
    ['readyAt', '1970-01-01T03:00:00.000+03:00'],
    ['endsAt', '2025-05-05T00:00:00.000+03:00'],
  ]);
});

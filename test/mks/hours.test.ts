/** Service hours minute by minute, in Istanbul whatever the time zone of the process. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { createServiceHours, hoursOf } from '../../src/mks/hours.ts';
import { hoursBesideTable, windows } from '../support/hours-table.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
/** Monday 2026-11-02 00:00 in Istanbul. */
const MONDAY = Date.UTC(2026, 10, 1, 21);

const hours = createServiceHours(windows, { now: () => MONDAY, elapsedMs: () => 0 });
const at = (day: number, minute: number): number => MONDAY + day * DAY_MS + minute * MINUTE_MS;

test('all 1,440 minutes of a day, in three time zones of the process', async () => {
  const { wrong, answers } = await hoursBesideTable(MONDAY, 1);
  assert.deepEqual(wrong, []);
  assert.equal(answers, 3 * 4 * 1_440);
});

test('the start belongs to the window, the end does not, to the millisecond', () => {
  assert.equal(hours.isOpen(1, at(0, 60) - 1), false);
  assert.equal(hours.isOpen(1, at(0, 60)), true);
  assert.equal(hours.isOpen(1, at(0, 1380) - 1), true);
  assert.equal(hours.isOpen(1, at(0, 1380)), false);
});

test('opening and closing times', () => {
  assert.equal(hours.opensAt(1, at(0, 0)), at(0, 60));
  assert.equal(hours.closesAt(1, at(0, 0)), at(0, 1380));
  assert.equal(hours.opensAt(1, at(0, 61)), at(1, 60));
  assert.equal(hours.closesAt(1, at(0, 61)), at(0, 1380));
  assert.equal(hours.opensAt(1, at(0, 1380)), at(1, 60));
  assert.equal(hours.opensAt(3, at(0, 100)), at(0, 1320));
  assert.equal(hours.closesAt(3, at(0, 100)), at(0, 240));
  assert.equal(hours.opensAt(3, at(0, 240)), at(0, 1320));
  assert.equal(hours.opensAt(4, at(0, 0)), undefined);
  assert.equal(hours.closesAt(4, at(0, 0)), undefined);
});

test('group 2 rests at the weekend', () => {
  for (const day of [0, 1, 2, 3, 4]) assert.equal(hours.isOpen(2, at(day, 600)), true);
  for (const day of [5, 6]) assert.equal(hours.isOpen(2, at(day, 600)), false);
  assert.equal(hours.opensAt(2, at(4, 1300)), at(7, 510));
  const always = createServiceHours(
    { ...windows, 2: { startMinute: 0, endMinute: 1440 } },
    { now: () => at(0, 1), elapsedMs: () => 0 },
  );
  assert.equal(always.isOpen(2, at(4, 1439)), true);
  assert.equal(always.isOpen(2, at(5, 0)), false);
  assert.equal(always.closesAt(2), at(5, 0));
  assert.equal(always.opensAt(2), at(7, 0));
});

test('a service has the hours of its group; without one it never closes', () => {
  const grouped = hoursOf({ hoursGroup: 1 }, hours);
  const moment = at(0, 0);
  assert.equal(grouped.isOpen(moment), false);
  assert.equal(grouped.opensAt(moment), at(0, 60));
  assert.equal(grouped.closesAt(moment), at(0, 1380));
  const always = hoursOf({}, hours);
  assert.equal(always.isOpen(moment), true);
  assert.equal(always.opensAt(moment), undefined);
  assert.equal(always.closesAt(moment), undefined);
});

/** Service hours minute by minute, in Istanbul whatever the time zone of the process. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import test from 'node:test';
import { promisify } from 'node:util';
import { createServiceHours, type ServiceWindows } from '../../src/mks/hours.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1440 * MINUTE_MS;
/** Monday 2026-11-02 00:00 in Istanbul. */
const MONDAY = Date.UTC(2026, 10, 1, 21);

const windows: ServiceWindows = {
  1: { startMinute: 60, endMinute: 1380 },
  2: { startMinute: 510, endMinute: 1260 },
  3: { startMinute: 1320, endMinute: 240 },
  4: { startMinute: 0, endMinute: 1440 },
};
const hours = createServiceHours(windows, { now: () => MONDAY, elapsedMs: () => 0 });
const at = (day: number, minute: number): number => MONDAY + day * DAY_MS + minute * MINUTE_MS;

test('all 1,440 minutes of a day, in three time zones of the process', async () => {
  const program = `
    import { createServiceHours } from './src/mks/hours.ts';
    const hours = createServiceHours(${JSON.stringify(windows)}, { now: Date.now, elapsedMs: () => 0 });
    const open = (group) => Array.from({ length: 1440 }, (_, minute) =>
      hours.isOpen(group, ${MONDAY} + minute * ${MINUTE_MS}) ? 1 : 0).join('');
    console.log(JSON.stringify([1, 2, 3, 4].map(open)));`;
  const expected = [
    (minute: number) => minute >= 60 && minute < 1380,
    (minute: number) => minute >= 510 && minute < 1260,
    (minute: number) => minute >= 1320 || minute < 240,
    () => true,
  ].map((isOpen) => Array.from({ length: 1440 }, (_, minute) => (isOpen(minute) ? 1 : 0)).join(''));
  for (const TZ of ['Europe/Istanbul', 'America/Los_Angeles', 'Pacific/Kiritimati']) {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module-typescript', '-e', program],
      { env: { ...process.env, TZ } },
    );
    assert.deepEqual(JSON.parse(stdout), expected, TZ);
  }
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

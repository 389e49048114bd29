import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_SERVICE_HOURS, parseServiceWindow } from '../../src/config/service-hours.ts';

test('a window is read as minutes of the day, and may go over midnight', () => {
  assert.deepEqual(parseServiceWindow('01:00-23:00'), { startMinute: 60, endMinute: 1380 });
  assert.deepEqual(parseServiceWindow('08:30-21:00'), { startMinute: 510, endMinute: 1260 });
  assert.deepEqual(parseServiceWindow('22:00-02:00'), { startMinute: 1320, endMinute: 120 });
  assert.deepEqual(parseServiceWindow('00:00-24:00'), { startMinute: 0, endMinute: 1440 });
});

test('what is no window is none', () => {
  const wrong = ['', '01:00', '1:00-23:00', '01:00-23:60', '24:00-01:00', '01:00-25:00'];
  for (const text of [...wrong, '01:00-01:00', '01:00-23:00 ', '01.00-23.00']) {
    assert.equal(parseServiceWindow(text), undefined, text);
  }
});

test('every group has hours of its own, as MKS keeps them', () => {
  for (const text of Object.values(DEFAULT_SERVICE_HOURS)) assert.ok(parseServiceWindow(text));
  assert.deepEqual(Object.keys(DEFAULT_SERVICE_HOURS), ['1', '2', '3', '4']);
});

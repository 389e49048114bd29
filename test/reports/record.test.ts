/** A report's record: back from Redis as it went in, and what of it an asker sees. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  fromFields,
  toFields,
  toReport,
  type StoredReport,
  type Surroundings,
} from '../../src/reports/record.ts';

const NOW = 1_800_000_000_000;
const MINUTE_MS = 60_000;

const record: StoredReport = {
  id: '7',
  kind: 'report',
  client: 'reconciliation',
  member: 'TIB',
  processDate: '20260302',
  filters: { isin: 'TRAGARAN91N1' },
  joinKey: '12',
  state: 'queued',
  phase: 'request',
  version: 3,
  createdAt: NOW - MINUTE_MS,
  updatedAt: NOW,
  expiresAt: NOW + MINUTE_MS,
  secret: '{"sealed":1}',
  run: 'null',
  attempts: 0,
  pauses: 2,
  damaged: 0,
};
const around: Surroundings = { now: NOW, position: 1, isPaused: false, durations: [] };

test('a record comes back from Redis as it was, texts that look like JSON too', () => {
  const fields = toFields(record);
  assert.deepEqual(fromFields(fields), record);
  const hash: Record<string, string> = {};
  for (let i = 0; i < fields.length; i += 2) hash[fields[i] ?? ''] = fields[i + 1] ?? '';
  assert.deepEqual(fromFields(hash), record);
  const { version, state, run, joinKey, secret } = hash;
  // The scripts count with the one and compare the others.
  assert.deepEqual([version, state, run, joinKey], ['3', 'queued', 'null', '12']);
  assert.equal(secret, record.secret);
  assert.equal(fromFields([]), undefined);
  assert.equal(fromFields({}), undefined);
});

test('an asker sees no secret, no client, no run', () => {
  const report: object = toReport(record, around);
  for (const hidden of ['secret', 'client', 'run', 'joinKey', 'sending', 'phase', 'pauses']) {
    assert.equal(hidden in report, false, hidden);
  }
});

test('before its turn a report waits for the turn, for opening, or for an operator', () => {
  const waiting = (change: Partial<Surroundings>) =>
    toReport(record, { ...around, ...change }).waiting;
  const since = record.createdAt;
  const startsAt = NOW + MINUTE_MS;
  assert.deepEqual(waiting({}), { for: 'turn', since });
  assert.deepEqual(waiting({ startsAt }), {
    for: 'outside-service-hours',
    since,
    retryAt: startsAt,
  });
  assert.deepEqual(waiting({ startsAt, isPaused: true }), { for: 'member-paused', since });
});

test('after it, it waits for what its run has met, or for nothing', () => {
  const granted = { ...record, granted: NOW };
  const met = { for: 'mks-busy', since: NOW } as const;
  const isPaused = true;
  assert.equal(toReport(granted, { ...around, isPaused }).waiting, undefined);
  assert.deepEqual(toReport({ ...granted, waiting: met }, { ...around, isPaused }).waiting, met);
  assert.equal(toReport({ ...granted, waiting: met, state: 'failed' }).waiting, undefined);
});

test('the estimate is the median of the last reports, for each place in turn', () => {
  const durations = [5 * MINUTE_MS, MINUTE_MS, 2 * MINUTE_MS];
  const readyIn = (change: Partial<Surroundings>, given = record) =>
    (toReport(given, { ...around, durations, ...change }).estimate?.readyAt ?? 0) - NOW;
  assert.equal(readyIn({ position: 1 }), 2 * MINUTE_MS);
  assert.equal(readyIn({ position: 3 }), 6 * MINUTE_MS);
  assert.equal(readyIn({ startsAt: NOW + MINUTE_MS }), 3 * MINUTE_MS, 'from the opening on');
  assert.equal(readyIn({}, { ...record, granted: NOW - MINUTE_MS }), MINUTE_MS);
  assert.equal(readyIn({}, { ...record, granted: NOW - 9 * MINUTE_MS }), 0, 'never in the past');
  assert.equal(toReport(record, around).estimate, undefined, 'without reports there is none');
});

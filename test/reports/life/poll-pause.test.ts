/** When the next poll is put: where the member's last reports say that it may find the report made. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pollPauseMs, preparationMs } from '../../../src/reports/life/poll-pause.ts';
import type { StoredReport } from '../../../src/reports/record.ts';

const FIRST_MS = 2_000;

test('a poll is put where half of those that took longer were made', () => {
  const learned = [9_000, 3_000, 6_000];
  assert.equal(pollPauseMs(FIRST_MS, 0, 0, learned), 6_000);
  assert.equal(pollPauseMs(FIRST_MS, 1, 6_000, learned), 3_000);
});

test('a pause is never shorter than the first nor longer than the longest', () => {
  assert.equal(pollPauseMs(FIRST_MS, 0, 0, [100]), FIRST_MS);
  assert.equal(pollPauseMs(FIRST_MS, 3, 5_900, [6_000]), FIRST_MS);
  assert.equal(pollPauseMs(FIRST_MS, 0, 0, [600_000, 600_000]), 60_000);
});

test('a pause goes beyond a quarter of a minute only where two thirds of the reports took longer', () => {
  assert.equal(pollPauseMs(FIRST_MS, 0, 0, [600_000]), 15_000);
  assert.equal(pollPauseMs(FIRST_MS, 0, 0, [45_000, 45_000]), 45_000);
  assert.equal(pollPauseMs(FIRST_MS, 0, 0, [45_000, 45_000, 1_000]), 45_000);
  assert.equal(pollPauseMs(FIRST_MS, 0, 0, [45_000, 1_000, 45_000, 1_000]), 15_000);
  assert.equal(pollPauseMs(FIRST_MS, 1, 15_000, [45_000, 45_000]), 30_000);
});

test('a clock that was put back makes no pause longer', () => {
  const hoursMs = 7_200_000;
  assert.equal(pollPauseMs(FIRST_MS, 0, -hoursMs, [5_000]), 5_000);
  assert.equal(pollPauseMs(FIRST_MS, 0, -hoursMs, [5_400_000]), 15_000);
});

test('without durations, and beyond them, pauses grow as ever', () => {
  for (const learned of [[], [6_000]]) {
    const pause = pollPauseMs(FIRST_MS, 2, 6_000, learned);
    assert.ok(pause >= 4_050 && pause <= 4_950, `${pause}`);
  }
});

test('a report was made between its last two polls, or since it was accepted', () => {
  const record = { acceptedAt: 1_000 } as StoredReport;
  assert.equal(preparationMs(record, 5_000), 2_000);
  assert.equal(preparationMs({ ...record, unmadeAt: 3_000 }, 5_000), 3_000);
  assert.equal(preparationMs({} as StoredReport, 5_000), undefined);
});

/** Reports of one kind after another, each teaching the next. @returns polls and lateness, medians. */
function follow(madeAfterMs: number, isLearning: boolean): { polls: number; lateMs: number } {
  const learned: number[] = [];
  const polls: number[] = [];
  const late: number[] = [];
  for (let n = 0; n < 60; n += 1) {
    let [elapsedMs, unmadeAt, count] = [0, 0, 0];
    while (elapsedMs < madeAfterMs) {
      unmadeAt = elapsedMs;
      elapsedMs += pollPauseMs(FIRST_MS, count, elapsedMs, isLearning ? learned : []);
      count += 1;
    }
    polls.push(count);
    late.push(elapsedMs - madeAfterMs);
    const took = preparationMs({ acceptedAt: 0, unmadeAt } as StoredReport, elapsedMs);
    learned.unshift(took ?? 0);
    learned.length = Math.min(learned.length, 20);
  }
  const median = (all: number[]) => all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0;
  return { polls: median(polls), lateMs: median(late) };
}

test('reports take two polls, however long they are in the making, and are seen no later', () => {
  for (const madeAfterMs of [500, 4_000, 6_000, 10_000, 14_000, 20_000, 45_000, 58_000]) {
    const learning = follow(madeAfterMs, true);
    const asEver = follow(madeAfterMs, false);
    assert.ok(learning.polls <= 2, `${madeAfterMs}: ${learning.polls}`);
    assert.ok(learning.polls <= asEver.polls, `${madeAfterMs}: ${asEver.polls} before`);
    assert.ok(
      learning.lateMs <= asEver.lateMs + FIRST_MS / 2,
      `${madeAfterMs}: ${learning.lateMs}`,
    );
  }
});

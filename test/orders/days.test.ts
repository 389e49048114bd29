/** The days of an order over a real Redis: one writer at a time, and the oldest of too many go. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOrderDays, DayTakenError } from '../../src/orders/days.ts';
import { startState } from '../support/state.ts';

const useState = await startState();

test('a day that nobody knows is missing, and what is written of it is read', async (t) => {
  const { redis, keys } = await useState(t);
  const days = createOrderDays(redis, keys);
  const [day, other] = await days.read('nightly', ['20250505', '20250506']);
  assert.ok(day !== undefined && other !== undefined);
  assert.deepEqual([day.state, day.asks, day.files, day.notices], ['missing', 0, [], []]);
  const asked = await days.write('nightly', day, { state: 'waiting', asks: 1, report: 'r1' });
  const ready = await days.write('nightly', asked, { state: 'ready', report: undefined, rows: 3 });
  const { report, ...kept } = ready;
  assert.equal(report, undefined);
  assert.deepEqual(await days.read('nightly', ['20250505', '20250506']), [kept, other]);
  assert.deepEqual(await days.read('another', ['20250505']), [day], 'each order has its own');
});

test('who knows an older day writes nothing: a run that was taken for dead undoes nothing', async (t) => {
  const { redis, keys } = await useState(t);
  const days = createOrderDays(redis, keys);
  const [day] = await days.read('nightly', ['20250505']);
  assert.ok(day !== undefined);
  const written = await days.write('nightly', day, { state: 'waiting', report: 'r1' });
  await assert.rejects(
    days.write('nightly', day, { state: 'waiting', report: 'r2' }),
    DayTakenError,
  );
  assert.deepEqual(await days.read('nightly', ['20250505']), [written]);
});

test('of more than 400 days the oldest goes', async (t) => {
  const { redis, keys } = await useState(t);
  const days = createOrderDays(redis, keys);
  const dates = Array.from({ length: 402 }, (_, n) =>
    new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10).replaceAll('-', ''),
  );
  for (const day of await days.read('nightly', dates))
    await days.write('nightly', day, { asks: 1 });
  const kept = (await days.read('nightly', dates)).map(({ asks }) => asks);
  assert.deepEqual(kept.slice(0, 3), [0, 0, 1]);
  assert.equal(kept.filter((asks) => asks === 1).length, 400);
});

test('a date that an operator wants is remembered until it was made', async (t) => {
  const { redis, keys } = await useState(t);
  const days = createOrderDays(redis, keys);
  await days.want('nightly', '20200101');
  await days.want('nightly', '20200101');
  assert.deepEqual(await days.wanted('nightly'), ['20200101']);
  await days.unwant('nightly', '20200101');
  assert.deepEqual(await days.wanted('nightly'), []);
});

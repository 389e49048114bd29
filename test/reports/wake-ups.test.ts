/** Wake-ups over a real Redis: the report's, its member's, or none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWakeUps } from '../../src/reports/wake-ups.ts';
import { createRedis, ready } from '../../src/state/connection.ts';
import { startState } from '../support/state.ts';
import { until } from '../support/until.ts';

const openState = await startState();
const patient = new AbortController().signal;

test('who waits for a report or its member wakes, and nobody else does', async (t) => {
  const { redis, url, keys } = await openState(t);
  const subscriber = createRedis(url, 'subscriber');
  t.after(() => subscriber.disconnect());
  await ready(subscriber);
  const wakeUps = createWakeUps(subscriber, keys);
  await until(async () => {
    const [, count] = (await redis.pubsub('NUMSUB', keys.wakeChannel)) as [string, number];
    return count === 1;
  }, 5_000);

  const woken: string[] = [];
  const wait = async (topic: string) => {
    await wakeUps.wait(topic, 5_000, patient);
    woken.push(topic);
  };
  const all = [wait('r1'), wait('TIB'), wait('r1')];
  const other = new AbortController();
  const others = wakeUps.wait('r2', 60_000, other.signal);
  const began = performance.now();
  await redis.publish(keys.wakeChannel, 'TIB r1');
  await Promise.all(all);
  assert.ok(performance.now() - began < 4_000, 'woken, and not by their time');
  assert.deepEqual(woken.toSorted(), ['TIB', 'r1', 'r1']);

  let isOver = false;
  void others.then(() => (isOver = true));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(isOver, false);
  other.abort();
  await others;
});

test('without a wake-up the wait ends by its time, or at once for who has left', async (t) => {
  const { url, keys } = await openState(t);
  const subscriber = createRedis(url, 'subscriber');
  t.after(() => subscriber.disconnect());
  const wakeUps = createWakeUps(subscriber, keys);
  const began = performance.now();
  await wakeUps.wait('r1', 100, patient);
  const tookMs = performance.now() - began;
  assert.ok(tookMs >= 95 && tookMs < 3_000, `${tookMs} ms`);
  await wakeUps.wait('r1', 60_000, AbortSignal.abort());
});

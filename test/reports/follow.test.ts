/** Waiting and following, over a real channel: no change is missed, none is told twice. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { systemClock } from '../../src/lib/clock.ts';
import { createFollowing } from '../../src/reports/follow.ts';
import type { Report } from '../../src/reports/types.ts';
import { createWakeUps } from '../../src/reports/wake-ups.ts';
import { createRedis, ready } from '../../src/state/connection.ts';
import { startState } from '../support/state.ts';
import { until } from '../support/until.ts';

const openState = await startState();

const QUEUED: Report = {
  id: 'r1',
  member: 'TIB',
  processDate: '20250505',
  filters: {},
  state: 'queued',
  version: 1,
  createdAt: 0,
  updatedAt: 0,
  expiresAt: 1,
  position: 2,
  files: [],
};

/** Ends before the look that comes each five seconds, so only a wake-up can have done it. */
const SOON_MS = 3_000;

async function setUp(t: TestContext) {
  const { redis, url, keys } = await openState(t);
  const subscriber = createRedis(url, 'subscriber');
  t.after(() => subscriber.disconnect());
  await ready(subscriber);
  const wakeUps = createWakeUps(subscriber, keys);
  t.after(() => wakeUps.close());
  await until(async () => {
    const [, count] = (await redis.pubsub('NUMSUB', keys.wakeChannel)) as [string, number];
    return count === 1;
  });
  let report: Report | undefined = QUEUED;
  let looks = 0;
  const get = async (): Promise<Report | undefined> => {
    looks += 1;
    return report;
  };
  /** As a script of any replica does. */
  async function change(to: Partial<Report> | undefined, wake = 'TIB r1'): Promise<void> {
    report = to && { ...(report ?? QUEUED), ...to };
    await redis.publish(keys.wakeChannel, wake);
  }
  const followed = createFollowing({ get, wakeUps, clock: systemClock });
  return { ...followed, wakeUps, change, looks: () => looks };
}

const never = (): AbortSignal => new AbortController().signal;

test('who waits is woken by the end, however many changes come before', async (t) => {
  const { waitForEnd, change, looks } = await setUp(t);
  const began = performance.now();
  const waiting = waitForEnd('r1', 60_000, never());
  await until(() => looks() === 1);
  await change({ state: 'preparing', version: 2 });
  await until(() => looks() === 2);
  await change({ state: 'ready', version: 3 });
  assert.equal((await waiting)?.state, 'ready');
  assert.ok(performance.now() - began < SOON_MS);
});

test('the time, a closed connection and a report that is gone end the waiting', async (t) => {
  const { waitForEnd, change } = await setUp(t);
  assert.equal((await waitForEnd('r1', 50, never()))?.state, 'queued');
  assert.equal((await waitForEnd('r1', 0, never()))?.state, 'queued');
  const leaving = new AbortController();
  const waiting = waitForEnd('r1', 60_000, leaving.signal);
  leaving.abort();
  assert.equal((await waiting)?.state, 'queued');
  const gone = waitForEnd('r1', 60_000, never());
  await change(undefined);
  assert.equal(await gone, undefined);
});

test('a follower is told the state now, each change once, and nothing after the end', async (t) => {
  const { follow, change, looks } = await setUp(t);
  const told: string[] = [];
  const following = (async () => {
    for await (const { state, version, position } of follow('r1', never())) {
      told.push(`${state} ${version} ${position ?? ''}`);
    }
  })();
  await until(() => told.length === 1);
  // Others of the member come and go before it: its place changes, its record does not.
  await change({ position: 1 }, 'TIB r0');
  await until(() => told.length === 2, SOON_MS);
  const { position: _, ...started } = QUEUED;
  await change({ ...started, position: 0, state: 'preparing', version: 2 });
  await until(() => told.length === 3, SOON_MS);
  // A look that finds nothing new tells nothing.
  const before = looks();
  await until(async () => {
    await change({});
    return looks() > before + 1;
  });
  await change({ state: 'failed', version: 3 });
  await following;
  assert.deepEqual(told, ['queued 1 2', 'queued 1 1', 'preparing 2 0', 'failed 3 0']);
});

test('changes that come in a burst are told as one', async (t) => {
  const { follow, change } = await setUp(t);
  const told: number[] = [];
  const following = (async () => {
    for await (const { version } of follow('r1', never())) {
      told.push(version);
      if (version > 1) return;
      for (let next = 2; next <= 30; next += 1) await change({ version: next });
    }
  })();
  await following;
  assert.deepEqual(told, [1, 30]);
});

test('a follower looks once a second, however often others of its queue change', async (t) => {
  const { follow, change, looks } = await setUp(t);
  const leaving = new AbortController();
  const began = performance.now();
  const following = (async () => {
    for await (const { state } of follow('r1', leaving.signal)) assert.equal(state, 'queued');
  })();
  while (performance.now() - began < 1_500) await change({}, 'TIB r0');
  leaving.abort();
  await following;
  assert.ok(looks() >= 2 && looks() <= 3, `${looks()} looks in 1.5 s`);
});

test('a follower who leaves is let go at once', async (t) => {
  const { follow } = await setUp(t);
  const leaving = new AbortController();
  const began = performance.now();
  for await (const report of follow('r1', leaving.signal)) {
    assert.equal(report.state, 'queued');
    leaving.abort();
  }
  assert.ok(performance.now() - began < 900);
});

test('a wake-up is for its report and its member, and for nobody else', async (t) => {
  const { wakeUps, change } = await setUp(t);
  const woken: string[] = [];
  const stop = new AbortController();
  const waits = ['r1', 'TIB', 'r2', 'AKY', 'r'].map(async (topic) => {
    await wakeUps.wait(topic, 60_000, stop.signal);
    if (!stop.signal.aborted) woken.push(topic);
  });
  await change({});
  await until(() => woken.length >= 2);
  stop.abort();
  await Promise.all(waits);
  assert.deepEqual(woken.toSorted(), ['TIB', 'r1']);
  await wakeUps.wait('r9', 20, never());
  await wakeUps.wait('r9', 60_000, AbortSignal.abort());
});

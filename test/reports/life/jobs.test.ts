/** Jobs over a real BullMQ: each report by one at a time, put off where the pause is long. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { pino } from 'pino';
import { createJobs } from '../../../src/reports/life/jobs.ts';
import type { Due } from '../../../src/reports/store.ts';
import { createRedis, ready } from '../../../src/state/connection.ts';
import { until } from '../../support/until.ts';
import { startState } from '../../support/state.ts';

const openState = await startState();

type Work = Parameters<typeof createJobs>[0]['work'];

const report = (id: string): Due => ({ member: 'TIB', id });

async function setUp(t: TestContext) {
  const { redis: commands, keys, url } = await openState(t);
  async function replica(work: Work) {
    const blocking = createRedis(url, 'blocking');
    await ready(blocking);
    const log = pino({ level: 'silent' });
    const jobs = createJobs({ connections: { commands, blocking }, keys, work, log });
    t.after(async () => {
      await jobs.close(500);
      blocking.disconnect();
    });
    return jobs;
  }
  /** What BullMQ keeps of jobs, as texts. */
  async function kept(): Promise<string[]> {
    const names = await commands.keys(`${keys.jobs}:reports:*`);
    const ofJobs = names.filter((name) => /:r\d+$/.test(name));
    return Promise.all(ofJobs.map(async (name) => JSON.stringify(await commands.hgetall(name))));
  }
  const putOff = () => commands.zcard(`${keys.jobs}:reports:delayed`);
  return { replica, kept, putOff };
}

test('a report that is added while it waits or is worked on is worked on once', async (t) => {
  const { replica, kept } = await setUp(t);
  const done: string[] = [];
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const work: Work = async ({ id }) => {
    done.push(id);
    await finished;
    return undefined;
  };
  const [one, other] = [await replica(work), await replica(work)];
  await Promise.all([one.add(report('r1')), other.add(report('r1')), one.add(report('r2'))]);
  await until(() => done.length === 2);
  await other.add(report('r1'));
  const texts = await kept();
  assert.ok(texts.some((text) => text.includes(JSON.stringify('{"member":"TIB","id":"r1"}'))));
  finish();
  await until(async () => (await kept()).length === 0);
  assert.deepEqual(done.toSorted(), ['r1', 'r2']);
  // One that was worked on to its end may be added anew.
  await one.add(report('r1'));
  await until(() => done.length === 3);
});

test('a run that has to wait comes again after so long, put off unless it is short', async (t) => {
  const { replica, kept, putOff } = await setUp(t);
  const WAITS = [200, 2_600];
  const times: number[] = [];
  const jobs = await replica(async () => {
    times.push(performance.now());
    return WAITS[times.length - 1];
  });
  await jobs.add(report('r1'));
  await until(() => times.length === 1);
  assert.equal(await putOff(), 0);
  await until(() => times.length === 2);
  await until(async () => (await putOff()) === 1);
  await until(async () => times.length === 3 && (await kept()).length === 0);
  for (const [index, waitMs] of WAITS.entries()) {
    const tookMs = (times[index + 1] ?? 0) - (times[index] ?? 0);
    assert.ok(tookMs >= waitMs - 5, `${tookMs} ms`);
  }
});

test('closing lets go of a run that waits, and another replica goes on at once', async (t) => {
  const { replica } = await setUp(t);
  let runs = 0;
  const closing = await replica(async () => {
    runs += 1;
    return 2_000;
  });
  await closing.add(report('r1'));
  await until(() => runs === 1);
  const began = performance.now();
  await closing.close(1_000);
  let isTakenUp = false;
  await replica(async () => {
    isTakenUp = true;
    return undefined;
  });
  await until(() => isTakenUp);
  assert.ok(performance.now() - began < 1_900);
});

test('a run that waits and is woken goes on at once, and waits the next time', async (t) => {
  const { replica } = await setUp(t);
  const WAITS = [2_400, 600];
  const times: number[] = [];
  let isWoken = false;
  const jobs = await replica(async (due) => {
    times.push(performance.now());
    // While it is at work: its pause rests on what was before.
    if (times.length === 1) await jobs.wake(due).then(() => (isWoken = true));
    return WAITS[times.length - 1];
  });
  await jobs.add(report('r1'));
  await until(() => times.length === 3);
  const [first = 0, second = 0, third = 0] = times;
  assert.ok(isWoken && second - first < 2_000, `${second - first} ms`);
  assert.ok(third - second >= 595, `${third - second} ms`);
});

test('of many reports those that have lost their jobs are added, and no other', async (t) => {
  const { replica, kept } = await setUp(t);
  const done: string[] = [];
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const jobs = await replica(async ({ id }) => {
    done.push(id);
    await finished;
    return undefined;
  });
  await jobs.add(report('r1'));
  await until(() => done.length === 1);
  await jobs.addLost([report('r1'), report('r2')]);
  await until(() => done.length === 2);
  finish();
  await until(async () => (await kept()).length === 0);
  assert.deepEqual(done, ['r1', 'r2']);
});

test('a run that fails comes again', async (t) => {
  const { replica } = await setUp(t);
  let runs = 0;
  const jobs = await replica(async () => {
    runs += 1;
    if (runs === 1) throw new Error('Redis was away');
    return undefined;
  });
  await jobs.add(report('r1'));
  await until(() => runs === 2);
});

test('closing stops the runs at once, the late ones later, and another replica goes on', async (t) => {
  const { replica } = await setUp(t);
  const stopped: string[] = [];
  let isRunning = false;
  const closing = await replica(async (_due, { signal, lateSignal }) => {
    isRunning = true;
    signal.addEventListener('abort', () => stopped.push('at once'));
    await new Promise((resolve) => lateSignal.addEventListener('abort', resolve));
    stopped.push('late');
    throw lateSignal.reason;
  });
  await closing.add(report('r1'));
  await until(() => isRunning);
  const began = performance.now();
  const closed = closing.close(1_000);
  assert.deepEqual(stopped, ['at once']);
  await closed;
  const tookMs = performance.now() - began;
  assert.deepEqual(stopped, ['at once', 'late']);
  assert.ok(tookMs >= 650 && tookMs < 2_000, `${tookMs} ms`);
  let isTakenUp = false;
  await replica(async () => {
    isTakenUp = true;
    return undefined;
  });
  await until(() => isTakenUp);
});

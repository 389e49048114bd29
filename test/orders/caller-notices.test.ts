/** Notices of callers' reports, over a real Redis: kept until they are taken, by one replica at a time. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { pino } from 'pino';
import type { NoticeTarget } from '../../src/config/notice-targets.ts';
import { createCallerNotices } from '../../src/orders/caller-notices.ts';
import type { NoticeAttempt } from '../../src/orders/days.ts';
import { createNoticeBox } from '../../src/orders/notice-box.ts';
import type { Report } from '../../src/reports/types.ts';
import { createRedis, ready } from '../../src/state/connection.ts';
import { createKeys } from '../../src/state/keys.ts';
import { startRedis } from '../support/redis.ts';
import { until } from '../support/until.ts';

const WANTED = { client: 'desk', target: 'erp', report: 'r1' };
const TARGET: NoticeTarget = { url: 'http://127.0.0.1:9/', secrets: [Buffer.alloc(24)] };
const HOUR_MS = 3_600_000;

async function setUp(t: TestContext) {
  const { url } = await startRedis(t);
  const redis = createRedis(url, 'commands');
  t.after(() => redis.disconnect());
  await ready(redis);
  return { redis, box: createNoticeBox(redis, createKeys()) };
}

test('what is due is given to one, and to the next when its lease is over', async (t) => {
  const { box } = await setUp(t);
  await box.add(WANTED, 1_000);
  await box.add(WANTED, 5_000);
  assert.deepEqual(await box.claim(999, 30_000, 10), []);
  const [[id, waiting] = ['', undefined]] = await box.claim(1_000, 30_000, 10);
  assert.deepEqual(waiting, { ...WANTED, since: 1_000 });
  assert.deepEqual(await box.claim(30_999, 30_000, 10), [], 'another replica has it');
  assert.equal((await box.claim(31_000, 30_000, 10)).length, 1, 'that one has died');
  await box.postpone(id, 90_000);
  assert.deepEqual(await box.claim(89_999, 1, 10), []);
  await box.remove(id);
  assert.deepEqual(await box.claim(9e12, 1, 10), []);
});

test('no more are claimed than may be, the oldest first', async (t) => {
  const { box } = await setUp(t);
  for (const n of [3, 1, 2]) await box.add({ ...WANTED, report: `r${n}` }, n);
  const claimed = await box.claim(10, 1_000, 2);
  assert.deepEqual(
    claimed.map(([, { report }]) => report),
    ['r1', 'r2'],
  );
});

test('it is sent when the report has ended, again until it is taken, and then is gone', async (t) => {
  const { redis, box } = await setUp(t);
  const state = { now: Date.now(), report: { id: 'r1', state: 'preparing' } as Report };
  const sent: { id: string; body: string }[] = [];
  const answers: Partial<NoticeAttempt>[] = [{ error: 'ECONNREFUSED' }, { status: 500 }];
  const notices = createCallerNotices({
    box,
    desk: { get: async () => state.report },
    sender: {
      async send(_target, { id, body }) {
        sent.push({ id, body });
        return { at: state.now, durationMs: 1, ...(answers.shift() ?? { status: 200 }) };
      },
      close: async () => undefined,
    },
    targetOf: (client, target) => (client === 'desk' && target === 'erp' ? TARGET : undefined),
    clock: { now: () => state.now, elapsedMs: () => performance.now() },
    log: pino({ level: 'silent' }),
  });
  t.after(() => notices.close());
  await notices.want(WANTED);
  await notices.want({ ...WANTED, target: 'a target that is gone' });
  const left = (): Promise<number> => redis.zcard(createKeys().noticesDue);
  await until(
    async () => (await redis.zscore(createKeys().noticesDue, 'r1 desk erp')) !== String(state.now),
  );
  assert.equal(sent.length, 0, 'its report is being made');
  state.report = {
    ...state.report,
    member: 'TIB',
    processDate: '20250505',
    state: 'failed',
    failure: { code: 'mks-rejected', detail: '' },
  };
  for (const tries of [1, 2, 3]) {
    state.now += HOUR_MS;
    await until(() => sent.length === tries);
  }
  await until(async () => (await left()) === 0);
  assert.equal(new Set(sent.map(({ id, body }) => id + body)).size, 1, 'the same each time');
  const { type, data } = JSON.parse(sent[0]?.body ?? '') as { type: string; data: object };
  assert.equal(type, 'balances.failed');
  assert.deepEqual(data, {
    report: 'r1',
    member: 'TIB',
    processDate: '20250505',
    problem: '/problems/mks-rejected',
  });
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import type { StandingOrder } from '../../src/config/orders.ts';
import type { NoticeAttempt, OrderDay } from '../../src/orders/days.ts';
import { hasDueNotice, readyNotice, sendNotices } from '../../src/orders/outbox.ts';

const ORDER: StandingOrder = {
  name: 'nightly',
  member: 'TIB',
  at: '01:05',
  date: 'yesterday',
  filters: { accNo: '1001' },
  days: [1],
  catchUpDays: 7,
  lateAfter: '06:00',
  notify: { url: 'http://127.0.0.1:9000/hook', secrets: [Buffer.alloc(24)] },
};
const HOUR_MS = 3_600_000;

function dayOf(processDate: string, readyAt: number): OrderDay {
  const day: OrderDay = {
    version: 1,
    processDate,
    state: 'ready',
    asks: 1,
    report: 'id',
    rows: 3,
    files: [{ format: 'csv', name: 'a.csv', sha256: 'ab', bytes: 9, deliveredAt: readyAt }],
    notices: [],
  };
  return { ...day, notices: [readyNotice(ORDER, day, readyAt)] };
}

/** A receiver that answers so, and a clock that is moved by hand. */
function setUp(days: OrderDay[], answers: Omit<NoticeAttempt, 'at' | 'durationMs'>[]) {
  const clock = { now: () => state.now, elapsedMs: () => 0 };
  const state = { now: 0, days, sent: [] as string[], ends: [] as string[] };
  const log = pino({}, { write: (line: string) => state.ends.push(line) });
  const sender = {
    async send(_target: object, notice: { id: string; body: string }) {
      state.sent.push(
        (JSON.parse(notice.body) as { data: { processDate: string } }).data.processDate,
      );
      return { at: state.now, durationMs: 1, ...(answers.shift() ?? { status: 204 }) };
    },
    close: async () => undefined,
  };
  const write = async (day: OrderDay, change: object): Promise<OrderDay> => {
    const next = { ...day, ...change, version: day.version + 1 };
    state.days = state.days.map((each) => (each.processDate === day.processDate ? next : each));
    return next;
  };
  const send = () =>
    sendNotices({ sender, clock, log }, ORDER, state.days, write, new AbortController().signal);
  return { state, send };
}

test('a notice tells ids, counts and digests, and neither a balance nor a filter', () => {
  const { body } = readyNotice(ORDER, dayOf('20250505', 0), 0);
  assert.deepEqual(JSON.parse(body), {
    type: 'balances.ready',
    timestamp: '1970-01-01T03:00:00.000+03:00',
    data: {
      order: 'nightly',
      member: 'TIB',
      processDate: '20250505',
      report: 'id',
      rows: 3,
      files: [{ format: 'csv', name: 'a.csv', sha256: 'ab', bytes: 9 }],
    },
  });
  assert.doesNotMatch(body, /1001/);
});

test('they go out in the order in which the days became ready; one waits for those before it', async () => {
  const days = [dayOf('20250507', 1), dayOf('20250506', 3), dayOf('20250505', 2)];
  const { state, send } = setUp(days, [{ status: 204 }, { status: 500 }]);
  state.now = 10;
  await send();
  assert.deepEqual(state.sent, ['20250507', '20250505']);
  await send();
  assert.equal(state.sent.length, 2, 'the one that failed pauses, and the one behind it waits');
  state.now += 5_000;
  assert.ok(hasDueNotice(state.days, state.now));
  await send();
  assert.deepEqual(state.sent.slice(2), ['20250505', '20250506']);
  assert.ok(!hasDueNotice(state.days, state.now + HOUR_MS));
});

test('pauses grow, a day long, and each attempt is kept; then the next one has its turn', async () => {
  const failing = Array.from({ length: 60 }, () => ({ error: 'ECONNREFUSED' }));
  const { state, send } = setUp([dayOf('20250505', 0), dayOf('20250506', 1)], failing);
  const tries: number[] = [];
  while (state.days[0]?.notices[0]?.state === 'waiting') {
    state.now = state.days[0].notices[0].nextAt;
    tries.push(state.now);
    await send();
  }
  const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
  assert.deepEqual(
    pauses,
    pauses.toSorted((one, other) => one - other),
    'they grow',
  );
  assert.ok(state.now >= 24 * HOUR_MS && state.now < 26 * HOUR_MS, `${state.now / HOUR_MS} h`);
  const [notice] = state.days[0]?.notices ?? [];
  assert.equal(notice?.state, 'given-up');
  assert.match(
    state.ends.join(''),
    /"level":50.*"order":"nightly","processDate":"20250505".*a notice is given-up/,
  );
  assert.equal(notice?.tries, tries.length);
  assert.equal(notice?.attempts.length, 20);
  assert.equal(new Set(state.days.flatMap((day) => day.notices.map(({ id }) => id))).size, 2);
  assert.ok(state.sent.includes('20250506'));
});

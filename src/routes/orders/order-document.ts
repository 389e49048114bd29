/** A standing order as its clients see it. */
import { defined } from '../../lib/defined.ts';
import { istanbulTimestamps, toIstanbulTimestamp, WEEKDAYS } from '../../lib/dates.ts';
import type { Language } from '../../lib/localised.ts';
import type { OrderDate, OrderState } from '../../orders/index.ts';
import { failureProblem, type ProblemContext } from '../../problems/from-error.ts';
import { problemDocument } from '../../problems/render.ts';

/** The order's JSON document: no secret, what does not apply is left out. */
export function orderDocument(state: OrderState, language: Language, context: ProblemContext) {
  const { days, deliver, notify, ...order } = state.order;
  return {
    ...order,
    days: days.map((day) => WEEKDAYS[day]),
    ...defined({ deliver, notify: notify && { url: notify.url } }),
    nextRunAt: toIstanbulTimestamp(state.nextRunAt),
    dates: state.dates.map((date) => dateDocument(date, language, context)),
  };
}

function dateDocument(date: OrderDate, language: Language, context: ProblemContext) {
  const { processDate, state, report, rows, waiting, failure } = date;
  return {
    processDate,
    state,
    late: date.isLate,
    lateAt: toIstanbulTimestamp(date.lateAt),
    ...defined({ report, rows }),
    ...istanbulTimestamps({ readyAt: date.readyAt, retryAt: failure?.retryAt }),
    ...defined({
      waiting: waiting && {
        for: waiting.for,
        since: toIstanbulTimestamp(waiting.since),
        ...istanbulTimestamps({ retryAt: waiting.retryAt }),
        ...defined({ detail: waiting.detail }),
      },
      problem: failure && problemDocument(failureProblem(failure, context), language, {}),
    }),
    files: date.files.map((file) => ({
      ...file,
      deliveredAt: toIstanbulTimestamp(file.deliveredAt),
    })),
    notices: date.notices.map(noticeDocument),
  };
}

function noticeDocument({
  id,
  state,
  createdAt,
  nextAt,
  tries,
  attempts,
}: OrderDate['notices'][0]) {
  return {
    id,
    state,
    createdAt: toIstanbulTimestamp(createdAt),
    ...istanbulTimestamps({ nextAt: state === 'waiting' ? nextAt : undefined }),
    tries,
    attempts: attempts.map((attempt) => ({ ...attempt, at: toIstanbulTimestamp(attempt.at) })),
  };
}

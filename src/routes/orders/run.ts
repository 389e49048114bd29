/** `POST /standing-orders/{name}/run`: a date is made now, due or not, done or not. */
import { Type } from 'typebox';
import { ProblemError } from '../../problems.ts';
import { jsonAnswer, ProcessDate, refTo } from '../../schemas/common.ts';
import { ORDER_EXAMPLE, StandingOrder } from '../../schemas/orders.ts';
import { COMMON_PROBLEMS, problemAnswers } from '../../schemas/problems.ts';
import { callerOf } from '../request/access.ts';
import { dateMistake } from '../request/process-date.ts';
import { seen } from '../request/seen.ts';
import type { App, EdgeDeps } from '../types.ts';
import { findOrder, OrderParams, sendOrder } from './read.ts';

/** A report takes MKS seconds to minutes. */
const LOOK_SECONDS = 5;

const endpoint = {
  schema: {
    operationId: 'runStandingOrder',
    tags: ['standing orders'],
    summary: 'Run a standing order for a date',
    description:
      'Now, whether or not the date is due or done: its files are delivered anew, never over other ' +
      'bytes. For operators. Bir gün için hemen çalıştırır.',
    params: OrderParams,
    body: Type.Object({ processDate: ProcessDate }, { additionalProperties: false }),
    'x-request-examples': {
      day: { summary: 'One day again', value: { processDate: '20250505' } },
    },
    response: {
      202: jsonAnswer('Under way; the order. Başladı.', refTo(StandingOrder), ORDER_EXAMPLE, {
        'Retry-After': { type: 'integer', description: 'Seconds until a look is worth while' },
      }),
      ...problemAnswers([
        ...COMMON_PROBLEMS,
        'member-forbidden',
        'not-found',
        'payload-too-large',
        'unsupported-media-type',
        'trail-unavailable',
      ]),
    },
  },
};

export function runStandingOrder(app: App, deps: EdgeDeps): void {
  app.post('/standing-orders/:name/run', endpoint, async (request, reply) => {
    const { order } = await findOrder(deps, request, request.params.name);
    if (!callerOf(request).operator) {
      throw new ProblemError('member-forbidden', {
        detail: {
          en: 'Only an operator may run standing orders.',
          tr: 'Sürekli talimatları yalnızca operatör yetkili anahtarlar çalıştırabilir.',
        },
      });
    }
    const { processDate } = request.body;
    const message = dateMistake(processDate, deps.clock.now());
    if (message !== undefined) {
      const errors = [{ path: '/processDate', message }];
      throw new ProblemError('invalid-request', { extensions: { errors } });
    }
    const { member, filters } = order;
    await seen(deps, request, {
      action: 'balances.asked',
      member,
      processDate,
      filters,
      route: '/standing-orders/:name/run',
      end: 'accepted',
    });
    await deps.orders.run(order, processDate);
    const state = await findOrder(deps, request, order.name);
    return sendOrder(deps, request, reply.code(202).header('retry-after', LOOK_SECONDS), state);
  });
}

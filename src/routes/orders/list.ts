/** `GET /standing-orders`: the orders of the caller's members. */
import { Type } from 'typebox';
import { preferredLanguage } from '../../lib/negotiation.ts';
import { jsonAnswer, MemberQuery, named, refTo } from '../../schemas/common.ts';
import { ORDER_EXAMPLE, ORDER_SCHEMAS, StandingOrder } from '../../schemas/orders.ts';
import { COMMON_PROBLEMS, problemAnswers } from '../../schemas/problems.ts';
import { callerOf, membersAsked } from '../request/access.ts';
import { problemContext } from '../request/problem-context.ts';
import type { App, EdgeDeps } from '../types.ts';
import { orderDocument } from './order-document.ts';

const StandingOrderList = named(
  'StandingOrderList',
  Type.Object({ items: Type.Array(refTo(StandingOrder)) }),
);

const endpoint = {
  schema: {
    operationId: 'listStandingOrders',
    tags: ['standing orders'],
    summary: 'List standing orders',
    description:
      "The standing orders of the caller's members with what became of each date. Üyelerinizin " +
      'sürekli talimatları.',
    querystring: MemberQuery,
    response: {
      200: jsonAnswer('The orders. Talimatlar.', refTo(StandingOrderList), {
        items: [ORDER_EXAMPLE],
      }),
      ...problemAnswers([...COMMON_PROBLEMS, 'member-forbidden']),
    },
  },
};

export function listStandingOrders(app: App, deps: EdgeDeps): void {
  for (const schema of [...ORDER_SCHEMAS, StandingOrderList]) app.addSchema(schema);
  app.get('/standing-orders', endpoint, async (request, reply) => {
    const members = membersAsked(callerOf(request), request.query.member);
    const language = preferredLanguage(request.headers['accept-language']);
    const context = problemContext(deps);
    const states = await deps.orders.list(members);
    return reply
      .header('cache-control', 'no-store')
      .send({ items: states.map((state) => orderDocument(state, language, context)) });
  });
}

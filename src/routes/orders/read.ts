/** `GET /standing-orders/{name}`: one order, and what became of each of its dates. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { preferredLanguage } from '../../lib/negotiation.ts';
import type { OrderState } from '../../orders/index.ts';
import { ProblemError } from '../../problems.ts';
import { jsonAnswer, refTo } from '../../schemas/common.ts';
import { ORDER_EXAMPLE, OrderName, StandingOrder } from '../../schemas/orders.ts';
import { COMMON_PROBLEMS, problemAnswers } from '../../schemas/problems.ts';
import { callerOf } from '../request/access.ts';
import { problemContext } from '../request/problem-context.ts';
import type { App, EdgeDeps } from '../types.ts';
import { orderDocument } from './order-document.ts';

export const OrderParams = Type.Object({ name: OrderName });

const endpoint = {
  schema: {
    operationId: 'readStandingOrder',
    tags: ['standing orders'],
    summary: 'Read a standing order',
    description:
      'For each date since `catchUpDays`: whether it is ready, its report, files and notices. Her ' +
      'günün durumu, dosyaları ve bildirimleri.',
    params: OrderParams,
    response: {
      200: jsonAnswer('The order. Talimat.', refTo(StandingOrder), ORDER_EXAMPLE),
      ...problemAnswers([...COMMON_PROBLEMS, 'not-found']),
    },
  },
};

export function readStandingOrder(app: App, deps: EdgeDeps): void {
  app.get('/standing-orders/:name', endpoint, async (request, reply) =>
    sendOrder(deps, request, reply, await findOrder(deps, request, request.params.name)),
  );
}

/** @throws ProblemError `not-found`, also where the order is another member's. */
export async function findOrder(
  { orders }: Pick<EdgeDeps, 'orders'>,
  request: FastifyRequest,
  name: string,
): Promise<OrderState> {
  const state = await orders.find(name);
  if (state === undefined || !callerOf(request).members.includes(state.order.member)) {
    throw new ProblemError('not-found');
  }
  return state;
}

export function sendOrder(
  deps: EdgeDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  state: OrderState,
): FastifyReply {
  const language = preferredLanguage(request.headers['accept-language']);
  return reply
    .header('cache-control', 'no-store')
    .send(orderDocument(state, language, problemContext(deps)));
}

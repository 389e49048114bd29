/** `GET /exchanges`: what was said to MKS and what came back, newest first, page by page. */
import { defined } from '../../lib/defined.ts';
import { toIstanbulTimestamp } from '../../lib/dates.ts';
import type { JournalEntry } from '../../journal/index.ts';
import { listExchangesOperation } from '../../schemas/exchange-operation.ts';
import { refuseCursor } from '../request/cursor.ts';
import { callerOf, resolveMember } from '../request/access.ts';
import { readTimeRange } from '../request/time-range.ts';
import type { App, EdgeDeps } from '../types.ts';

export function listExchanges(app: App, deps: EdgeDeps): void {
  app.get('/exchanges', listExchangesOperation, async (request, reply) => {
    const caller = callerOf(request);
    const { member, senderReference, from, to, limit, cursor } = request.query;
    const members =
      member === undefined ? caller.members : [resolveMember(caller, member, 'member')];
    const page = await deps.exchanges
      .list({
        members,
        ...readTimeRange(from, to),
        limit,
        ...defined({ senderReference, cursor }),
      })
      .catch(refuseCursor);
    return reply.header('cache-control', 'no-store').send({
      items: page.items.map(exchangeDocument),
      ...defined({ nextCursor: page.nextCursor }),
    });
  });
}

function exchangeDocument({ time, memberCode, lastTime, count, ...rest }: JournalEntry) {
  return {
    time: toIstanbulTimestamp(time),
    member: memberCode,
    ...rest,
    count,
    lastTime: toIstanbulTimestamp(lastTime),
  };
}

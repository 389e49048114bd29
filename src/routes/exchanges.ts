/** `GET /exchanges`: what was said to MKS and what came back, newest first, page by page. */
import { toIstanbulTimestamp } from '../lib/istanbul.ts';
import type { JournalEntry } from '../mks/journal.ts';
import { ProblemError } from '../problems.ts';
import { listExchangesOperation } from '../schemas/exchange-operation.ts';
import { callerOf, resolveMember } from './access.ts';
import { readTimeRange } from './time-range.ts';
import type { App, EdgeDeps } from './types.ts';

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
        ...(senderReference !== undefined && { senderReference }),
        ...(cursor !== undefined && { cursor }),
      })
      .catch(refuseCursor);
    return reply.header('cache-control', 'no-store').send({
      items: page.items.map(exchangeDocument),
      ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }),
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

/** The journal throws a RangeError for a cursor that it did not make. */
function refuseCursor(error: unknown): never {
  if (!(error instanceof RangeError)) throw error;
  const message = { en: 'is not a cursor of this list', tr: 'bu listenin imleci değil' };
  throw new ProblemError('invalid-request', {
    members: { errors: [{ path: 'cursor', message }] },
    cause: error,
  });
}

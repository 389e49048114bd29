/** `GET /balances`: the reports of the caller's members, newest first, page by page. */
import { defined } from '../../lib/defined.ts';
import { preferredLanguage } from '../../lib/negotiation.ts';
import { listOperation } from '../../schemas/report-operations.ts';
import { refuseCursor } from '../request/cursor.ts';
import { callerOf, resolveMember } from '../request/access.ts';
import { problemContext } from '../request/problem-context.ts';
import { reportDocument } from '../request/report-document.ts';
import type { App, EdgeDeps } from '../types.ts';

export function listBalances(app: App, deps: EdgeDeps): void {
  app.get('/balances', listOperation, async (request, reply) => {
    const caller = callerOf(request);
    const { member, state, limit, cursor } = request.query;
    const members =
      member === undefined ? caller.members : [resolveMember(caller, member, 'member')];
    const page = await deps.desk
      .list({
        members,
        limit,
        ...defined({ state, cursor }),
      })
      .catch(refuseCursor);
    const language = preferredLanguage(request.headers['accept-language']);
    const context = problemContext(deps);
    return reply.send({
      items: page.items.map((report) => reportDocument(report, language, context)),
      ...defined({ nextCursor: page.nextCursor }),
    });
  });
}

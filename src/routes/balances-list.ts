/** `GET /balances`: the reports of the caller's members, newest first, page by page. */
import { preferredLanguage } from '../lib/negotiation.ts';
import { listOperation } from '../schemas/report-operations.ts';
import { ProblemError } from '../problems.ts';
import { callerOf, resolveMember } from './access.ts';
import { problemContext } from './problem-context.ts';
import { reportDocument } from './report-document.ts';
import type { App, EdgeDeps } from './types.ts';

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
        ...(state !== undefined && { state }),
        ...(cursor !== undefined && { cursor }),
      })
      .catch(refuseCursor);
    const language = preferredLanguage(request.headers['accept-language']);
    const context = problemContext(deps);
    return reply.send({
      items: page.items.map((report) => reportDocument(report, language, context)),
      ...(page.nextCursor !== undefined && { nextCursor: page.nextCursor }),
    });
  });
}

/** The desk throws a RangeError for a cursor that it did not make. */
function refuseCursor(error: unknown): never {
  if (!(error instanceof RangeError)) throw error;
  const message = { en: 'is not a cursor of this list', tr: 'bu listenin imleci değil' };
  throw new ProblemError('invalid-request', {
    members: { errors: [{ path: 'cursor', message }] },
    cause: error,
  });
}

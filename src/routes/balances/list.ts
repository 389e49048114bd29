/** `GET /balances`: the reports of the caller's members, newest first, page by page. */
import { Type } from 'typebox';
import { defined } from '../../lib/defined.ts';
import { preferredLanguage } from '../../lib/negotiation.ts';
import { callerOf, membersAsked } from '../request/access.ts';
import { problemContext } from '../request/problem-context.ts';
import { pageQuery, readPage } from '../request/page.ts';
import { reportDocument } from '../request/report-document.ts';
import type { App, EdgeDeps } from '../types.ts';
import { jsonAnswer, MemberCode, named, refTo } from '../../schemas/common.ts';
import { COMMON_PROBLEMS, problemAnswers } from '../../schemas/problems.ts';
import { READY_EXAMPLE } from '../../schemas/report-examples.ts';
import { tags } from '../../schemas/report-parts.ts';
import { Report, ReportState } from '../../schemas/reports.ts';

const ReportList = named(
  'ReportList',
  Type.Object(
    {
      items: Type.Array(refTo(Report)),
      nextCursor: Type.Optional(Type.String({ description: 'Give it as `cursor` for more' })),
    },
    { description: 'Reports, newest first. Raporlar, yeniden eskiye.' },
  ),
);

const endpoint = {
  schema: {
    operationId: 'listBalances',
    tags,
    summary: 'List reports',
    description: "The reports of the caller's members, newest first. Üyelerinizin raporları.",
    querystring: Type.Object(
      {
        member: Type.Optional(MemberCode),
        state: Type.Optional(ReportState),
        ...pageQuery,
      },
      { additionalProperties: false },
    ),
    response: {
      200: jsonAnswer('One page. Bir sayfa.', refTo(ReportList), { items: [READY_EXAMPLE] }),
      ...problemAnswers([...COMMON_PROBLEMS, 'member-forbidden']),
    },
  },
};

export function listBalances(app: App, deps: EdgeDeps): void {
  app.addSchema(ReportList);
  app.get('/balances', endpoint, async (request, reply) => {
    const caller = callerOf(request);
    const { member, state, ...query } = request.query;
    const members = membersAsked(caller, member);
    const language = preferredLanguage(request.headers['accept-language']);
    const context = problemContext(deps);
    const page = await readPage(
      query,
      (asked) => deps.desk.list({ members, ...asked, ...defined({ state }) }),
      (report) => reportDocument(report, language, context),
    );
    return reply.send(page);
  });
}

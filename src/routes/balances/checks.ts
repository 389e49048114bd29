/** `GET /balances/checks`: the checks of the caller's members that were made, newest first, page by page. */
import { Type } from 'typebox';
import { defined } from '../../lib/defined.ts';
import { CHECK_RECORD_EXAMPLE, CheckRecord, LedgerName } from '../../schemas/checks.ts';
import { jsonAnswer, MemberCode, named, refTo } from '../../schemas/common.ts';
import { COMMON_PROBLEMS, problemAnswers } from '../../schemas/problems.ts';
import { tags } from '../../schemas/report-parts.ts';
import { callerOf, membersAsked } from '../request/access.ts';
import { pageQuery, readPage } from '../request/page.ts';
import type { App, EdgeDeps } from '../types.ts';

const CheckList = named(
  'CheckList',
  Type.Object(
    {
      items: Type.Array(refTo(CheckRecord)),
      nextCursor: Type.Optional(Type.String({ description: 'Give it as `cursor` for more' })),
    },
    { description: 'Checks, newest first. Kontroller, yeniden eskiye.' },
  ),
);

const endpoint = {
  schema: {
    operationId: 'listChecks',
    tags,
    summary: 'List checks of ledgers',
    description:
      "The checks of the caller's members that were made, newest first, without their breaks; they are kept for " +
      '`CHECK_RETENTION_DAYS`.\n\nYapılmış defter kontrolleri, farkları olmadan.',
    querystring: Type.Object(
      {
        member: Type.Optional(MemberCode),
        ledger: Type.Optional(LedgerName),
        ...pageQuery,
      },
      { additionalProperties: false },
    ),
    response: {
      200: jsonAnswer('One page. Bir sayfa.', refTo(CheckList), { items: [CHECK_RECORD_EXAMPLE] }),
      ...problemAnswers([...COMMON_PROBLEMS, 'member-forbidden']),
    },
  },
};

export function listChecks(app: App, deps: EdgeDeps): void {
  app.addSchema(CheckList);
  app.get('/balances/checks', endpoint, async (request, reply) => {
    const { member, ledger, ...query } = request.query;
    const members = membersAsked(callerOf(request), member);
    const page = await readPage(
      query,
      (asked) => deps.checks.list({ members, ...asked, ...defined({ ledger }) }),
      (document) => document,
    );
    return reply.header('cache-control', 'no-store').send(page);
  });
}

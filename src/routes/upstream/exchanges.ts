/** `GET /exchanges`: what was said to MKS and what came back, newest first, page by page. */
import { Type } from 'typebox';
import { defined } from '../../lib/defined.ts';
import { toIstanbulTimestamp } from '../../lib/dates.ts';
import type { JournalEntry } from '../../journal/index.ts';
import { callerOf, membersAsked } from '../request/access.ts';
import { pageQuery, readPage } from '../request/page.ts';
import { readTimeRange } from '../request/time-range.ts';
import { seen } from '../request/seen.ts';
import type { App, EdgeDeps } from '../types.ts';
import { jsonAnswer, MemberCode, named, refTo, Timestamp } from '../../schemas/common.ts';
import { COMMON_PROBLEMS, problemAnswers } from '../../schemas/problems.ts';

const Exchange = named(
  'Exchange',
  Type.Object(
    {
      time: Timestamp,
      member: MemberCode,
      client: Type.Optional(Type.String({ description: 'The API client. Soran istemci.' })),
      service: Type.String({ examples: ['reports/account/balance-report'] }),
      refId: Type.Optional(Type.String({ description: 'The report that was asked about' })),
      senderReference: Type.String(),
      messageId: Type.Optional(Type.String()),
      httpStatus: Type.Optional(Type.Integer()),
      code: Type.Optional(Type.String({ examples: ['0000'] })),
      durationMs: Type.Integer(),
      outcome: Type.Enum(['answered', 'refused', 'unknown'], {
        description: 'What became of the message; `unknown`: it may or may not have arrived',
      }),
      requestDigest: Type.String({
        description:
          'SHA-256 of the signed request as sent, hex; of a login, of the request without its password',
      }),
      answer: Type.Optional(
        Type.String({ description: "MKK's signed answer as received. MKK'nın imzalı yanıtı." }),
      ),
      count: Type.Integer({
        minimum: 1,
        description: 'How many waiting polls it stands for; all but `time` is of the last',
      }),
      lastTime: Timestamp,
    },
    { description: 'What was said to MKS and what came back. MKS ile bir yazışma.' },
  ),
);

const ExchangeList = named(
  'ExchangeList',
  Type.Object({ items: Type.Array(refTo(Exchange)), nextCursor: Type.Optional(Type.String()) }),
);

/** In the order in which they refer to each other. */
const SCHEMAS = [Exchange, ExchangeList];

const Instant = (description: string) =>
  Type.Optional(Type.String({ minLength: 8, maxLength: 40, description }));

const EXAMPLE = {
  time: '2025-05-06T10:15:00.000+03:00',
  member: 'TIB',
  client: 'reconciliation',
  service: 'reports/account/balance-report',
  senderReference: 'GW17-4T9ZK2M8QWERTY01',
  messageId: '906997396',
  httpStatus: 200,
  code: '0000',
  durationMs: 212,
  outcome: 'answered',
  requestDigest: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  answer: 'eyJhbGciOiJSUzI1NiJ9.eyJyZXNwb25zZUhlYWRlciI6e319.c2lnbmF0dXJl',
  count: 1,
  lastTime: '2025-05-06T10:15:00.000+03:00',
};

const endpoint = {
  schema: {
    operationId: 'listExchanges',
    tags: ['mks'],
    summary: 'Read the journal of exchanges',
    description:
      "What was said to MKS for the caller's members and what MKK answered, newest first, for 30 " +
      'days within a bound per member. The waiting polls of one report are one entry.\n\n' +
      'MKS ile yazışmaların günlüğü: 30 gün, üye başına sınırlı; bekleme sorguları tek kayıttır.',
    querystring: Type.Object(
      {
        member: Type.Optional(MemberCode),
        senderReference: Type.Optional(Type.String({ pattern: '^[!-~]{1,255}$' })),
        from: Instant('RFC 3339 or YYYYMMDD (from its midnight in Istanbul)'),
        to: Instant('RFC 3339 or YYYYMMDD (to its end in Istanbul), included'),
        ...pageQuery,
      },
      { additionalProperties: false },
    ),
    response: {
      200: jsonAnswer('One page. Bir sayfa.', refTo(ExchangeList), { items: [EXAMPLE] }),
      ...problemAnswers([...COMMON_PROBLEMS, 'member-forbidden', 'trail-unavailable']),
    },
  },
};

export function listExchanges(app: App, deps: EdgeDeps): void {
  for (const schema of SCHEMAS) app.addSchema(schema);
  app.get('/exchanges', endpoint, async (request, reply) => {
    const caller = callerOf(request);
    const { member, senderReference, from, to, ...query } = request.query;
    const members = membersAsked(caller, member);
    const range = readTimeRange(from, to);
    const page = await readPage(
      query,
      (asked) =>
        deps.exchanges.list({ members, ...range, ...asked, ...defined({ senderReference }) }),
      exchangeDocument,
    );
    const asked = defined({ senderReference, from, to, ...defined({ cursor: query.cursor }) });
    await seen(deps, request, { action: 'exchanges.read', members, asked, end: 'given' });
    return reply.header('cache-control', 'no-store').send(page);
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

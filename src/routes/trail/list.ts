/** `GET /trail`: who did what, newest first, page by page; for auditors. */
import { Type } from 'typebox';
import { toIstanbulTimestamp } from '../../lib/dates.ts';
import { defined } from '../../lib/defined.ts';
import { ProblemError } from '../../problems.ts';
import { jsonAnswer, MemberCode, named, refTo, Timestamp } from '../../schemas/common.ts';
import { COMMON_PROBLEMS, problemAnswers } from '../../schemas/problems.ts';
import type { TrailEntry as Entry } from '../../trail/index.ts';
import { callerOf, membersAsked } from '../request/access.ts';
import { pageQuery, readPage } from '../request/page.ts';
import { seen } from '../request/seen.ts';
import { readTimeRange } from '../request/time-range.ts';
import type { App, Caller, EdgeDeps } from '../types.ts';

const ACTIONS = [
  'balances.asked',
  'rows.read',
  'file.read',
  'changes.read',
  'check.run',
  'service.called',
  'delivered',
  'exchanges.read',
  'trail.read',
  'member.paused',
  'member.resumed',
  'denied',
  'config.changed',
  'started',
  'stopped',
  'chain.begun',
  'segment.begun',
  'trail.cut',
  'checkpoint',
  'checkpoint.stamped',
] as const;

const text = (description: string) => Type.Optional(Type.String({ description }));

const TrailEntry = named(
  'TrailEntry',
  Type.Object(
    {
      time: Timestamp,
      chain: Type.String({ description: 'Of which replica, since which start' }),
      number: Type.Integer({ minimum: 1, description: 'In the chain. Zincirdeki sırası.' }),
      action: Type.Enum([...ACTIONS]),
      client: text('Who; absent for strangers and the gateway itself. Kim.'),
      address: text('From where. Nereden.'),
      requestId: text('`X-Request-Id` of the request'),
      member: Type.Optional(MemberCode),
      members: Type.Optional(Type.Array(MemberCode)),
      processDate: text('YYYYMMDD'),
      filters: Type.Optional(Type.Record(Type.String(), Type.String())),
      report: text('Id of the report'),
      rows: Type.Optional(Type.Integer({ description: 'How many rows were given' })),
      format: text('Format of the rows'),
      file: text('Name of the file'),
      service: text('Service of MKS'),
      refId: text("MKS's name for a report"),
      senderReference: text('Reference of the message to MKS'),
      code: text('Result code of MKS'),
      route: text('What was refused'),
      asked: Type.Optional(Type.Record(Type.String(), Type.String())),
      part: text('Which files have changed'),
      count: Type.Optional(Type.Integer({ description: 'How many refusals it stands for' })),
      end: text('How it ended: given, accepted, done, answered, or the slug of a problem'),
    },
    { description: 'One line of the access trail. Erişim izinin bir satırı.' },
  ),
);

const TrailList = named(
  'TrailList',
  Type.Object({ items: Type.Array(refTo(TrailEntry)), nextCursor: Type.Optional(Type.String()) }),
);

/** In the order in which they refer to each other. */
const SCHEMAS = [TrailEntry, TrailList];

const EXAMPLE = {
  time: '2025-05-06T10:15:00.000+03:00',
  chain: '20250506010002114-9f0c2a6b',
  number: 412,
  action: 'rows.read',
  client: 'reconciliation',
  address: '192.0.2.7',
  requestId: '3f1c6a52-5d4e-4b9a-8f0e-0c5f8f2f4b1d',
  member: 'TIB',
  processDate: '20250505',
  filters: {},
  report: '0b5d8a1e-4f6c-4a55-9f6e-8c1f5b7f0a11',
  rows: 18_204,
  format: 'json',
  end: 'given',
} as const;

const Instant = (description: string) =>
  Type.Optional(Type.String({ minLength: 8, maxLength: 40, description }));

const endpoint = {
  schema: {
    operationId: 'listTrail',
    tags: ['operations'],
    summary: 'Read the access trail',
    description:
      "Who did what to the caller's members, newest first; for clients with `auditor`. A page may hold fewer entries " +
      'than `limit`, even none, and a cursor all the same. Reading is in the trail too.\n\n' +
      'Erişim izi: kim, ne zaman, neyi; yalnızca denetçi (`auditor`) anahtarlarına.',
    querystring: Type.Object(
      {
        from: Instant('RFC 3339 or YYYYMMDD (from its midnight in Istanbul)'),
        to: Instant('RFC 3339 or YYYYMMDD (to its end in Istanbul), included'),
        client: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9._:-]{1,128}$' })),
        member: Type.Optional(MemberCode),
        action: Type.Optional(Type.Enum([...ACTIONS])),
        ...pageQuery,
      },
      { additionalProperties: false },
    ),
    response: {
      200: jsonAnswer('One page. Bir sayfa.', refTo(TrailList), { items: [EXAMPLE] }),
      ...problemAnswers([...COMMON_PROBLEMS, 'member-forbidden', 'trail-unavailable']),
    },
  },
};

export function listTrail(app: App, deps: EdgeDeps): void {
  for (const schema of SCHEMAS) app.addSchema(schema);
  app.get('/trail', endpoint, async (request, reply) => {
    const caller = auditing(callerOf(request));
    const { from, to, client, member, action, ...query } = request.query;
    const members = membersAsked(caller, member);
    const range = readTimeRange(from, to);
    const filter = defined({
      client,
      action,
      namesMember: member === undefined ? undefined : true,
    });
    const page = await readPage(
      query,
      (asked) => deps.trail.list({ members, ...range, ...filter, ...asked }),
      (entry) => entryDocument(entry, members),
    );
    const asked = defined({ from, to, client, action, cursor: query.cursor });
    await seen(deps, request, { action: 'trail.read', members, asked, end: 'given' });
    return reply.header('cache-control', 'no-store').send(page);
  });
}

/** @throws ProblemError `member-forbidden`. */
function auditing(caller: Caller): Caller {
  if (caller.auditor) return caller;
  throw new ProblemError('member-forbidden', {
    detail: {
      en: 'Only an auditor may read the access trail.',
      tr: 'Erişim izini yalnızca denetçi yetkili anahtarlar okuyabilir.',
    },
  });
}

/** What proves the chain stands in the files; of several members the caller is told of his own. */
function entryDocument(entry: Entry, own: readonly string[]) {
  const { before: _b, earlier: _e, certificate: _c, jws: _j, token: _t, members, ...rest } = entry;
  return {
    ...rest,
    time: toIstanbulTimestamp(Date.parse(entry.time)),
    ...(Array.isArray(members) && { members: members.filter((code) => own.includes(code)) }),
  };
}

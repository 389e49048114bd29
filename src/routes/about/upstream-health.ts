/** `GET /health/upstream`: whose trouble it is, and what that verdict rests on. */
import { Type } from 'typebox';
import { defined } from '../../lib/defined.ts';
import { istanbulTimestamps, toIstanbulTimestamp } from '../../lib/dates.ts';
import type { Observation } from '../../operations/upstream-verdict.ts';
import type { MemberUpstream } from '../../operations/upstream.ts';
import {
  jsonAnswer,
  MemberCode,
  named,
  NO_KEY,
  PUBLIC,
  refTo,
  Timestamp,
} from '../../schemas/common.ts';
import { ON_PUBLIC, problemAnswers } from '../../schemas/problems.ts';
import type { App, EdgeDeps } from '../types.ts';

const VERDICTS = [
  'ok',
  'unknown',
  'closed',
  'ours',
  'network',
  'address-not-registered',
  'login',
  'signature',
  'mkk-down',
] as const;

const Verdict = Type.Enum([...VERDICTS], {
  description:
    'Whose trouble it is. `ours`: Redis, our certificate or address. `network`: no connection. ' +
    '`address-not-registered`: MKK refuses and says that the user has no IP address (TU14). ' +
    '`login`: user, password or token refused. `signature`: theirs or ours does not hold. ' +
    '`mkk-down`: connected, but no answer or a technical failure. `unknown`: nothing was sent yet.',
});

const UpstreamCall = named(
  'UpstreamCall',
  Type.Object(
    {
      time: Timestamp,
      service: Type.String(),
      verdict: Verdict,
      problem: Type.Optional(Type.String({ description: 'Slug of the problem catalogue' })),
      code: Type.Optional(Type.String({ description: 'Result code of MKS' })),
      httpStatus: Type.Optional(Type.Integer()),
      detail: Type.Optional(Type.String()),
    },
    { description: 'A real call of MKS that the verdict rests on' },
  ),
);

const UpstreamMember = named(
  'UpstreamMember',
  Type.Object({
    member: MemberCode,
    verdict: Verdict,
    failingSince: Type.Optional(Timestamp),
    evidence: Type.Object({
      failuresInARow: Type.Integer(),
      lastAnswer: Type.Optional(refTo(UpstreamCall)),
      lastFailure: Type.Optional(refTo(UpstreamCall)),
      token: Type.Optional(
        Type.Object({
          reason: Type.Optional(Type.String()),
          expiresAt: Type.Optional(Timestamp),
          loginPausedUntil: Type.Optional(Timestamp),
        }),
      ),
    }),
  }),
);

const Upstream = named(
  'Upstream',
  Type.Object(
    {
      verdict: Verdict,
      checkedAt: Timestamp,
      hours: Type.Object({
        open: Type.Boolean(),
        opensAt: Type.Optional(Timestamp),
        closesAt: Type.Optional(Timestamp),
      }),
      members: Type.Array(refTo(UpstreamMember)),
    },
    { description: 'The gravest verdict, and each member with its evidence' },
  ),
);

const NOW = '2025-05-06T10:15:00.000+03:00';

const endpoint = {
  ...PUBLIC,
  schema: {
    operationId: 'readUpstreamHealth',
    tags: ['operations'],
    security: NO_KEY,
    summary: 'Whose trouble is it?',
    description:
      'The verdict on the way to MKS and what it rests on: the last real calls of this process, the ' +
      'token and the hours. It sends nothing to MKS. Sorun kimde: bizde mi, ağda mı, MKK’da mı?',
    response: {
      200: jsonAnswer('The verdict. Sonuç.', refTo(Upstream), {
        verdict: 'network',
        checkedAt: NOW,
        hours: { open: true, closesAt: '2025-05-06T23:00:00.000+03:00' },
        members: [
          {
            member: 'TIB',
            verdict: 'network',
            failingSince: '2025-05-06T10:12:41.000+03:00',
            evidence: {
              failuresInARow: 4,
              lastFailure: {
                time: '2025-05-06T10:14:58.000+03:00',
                service: 'reports/async-report-status',
                verdict: 'network',
                problem: 'mks-unreachable',
                detail: 'no connection to MKS: nothing was sent (ECONNREFUSED)',
              },
              token: { expiresAt: '2025-05-06T11:02:11.000+03:00' },
            },
          },
        ],
      }),
      ...problemAnswers(ON_PUBLIC),
    },
  },
};

export function readUpstreamHealth(app: App, deps: EdgeDeps): void {
  for (const schema of [UpstreamCall, UpstreamMember, Upstream]) app.addSchema(schema);
  // Always 200: MKS being away is no reason to take a gateway out of service.
  app.get('/health/upstream', endpoint, async (_request, reply) => {
    const { verdict, checkedAt, members, hours } = await deps.operations.upstream();
    return reply.header('cache-control', 'no-store').send({
      verdict,
      checkedAt: toIstanbulTimestamp(checkedAt),
      hours: {
        open: hours.open,
        ...istanbulTimestamps({ opensAt: hours.opensAt, closesAt: hours.closesAt }),
      },
      members: members.map(memberDocument),
    });
  });
}

function memberDocument(state: MemberUpstream) {
  const { member, verdict, token, lastAnswer, lastFailure, failuresInARow, failingSince } = state;
  return {
    member,
    verdict,
    ...istanbulTimestamps({ failingSince }),
    evidence: {
      failuresInARow,
      ...defined({
        lastAnswer: lastAnswer && observationDocument(lastAnswer),
        lastFailure: lastFailure && observationDocument(lastFailure),
        token: token && {
          ...defined({ reason: token.reason }),
          ...istanbulTimestamps({
            expiresAt: token.expiresAt,
            loginPausedUntil: token.refusedUntil,
          }),
        },
      }),
    },
  };
}

function observationDocument({ time, ...observation }: Observation) {
  return { time: toIstanbulTimestamp(time), ...observation };
}

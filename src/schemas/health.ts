/** Schemas of health and the outage verdict. */
import { Type } from 'typebox';
import { MemberCode, named, refTo, Timestamp } from './common.ts';

export const Health = named(
  'Health',
  Type.Object({
    status: Type.Enum(['ok', 'unavailable']),
    checks: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Object({
          ok: Type.Boolean(),
          detail: Type.Optional(Type.String()),
          checkedAt: Timestamp,
          ageSeconds: Type.Number({ description: 'How old the verdict is. Sonucun yaşı.' }),
        }),
      ),
    ),
  }),
);

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

export const Upstream = named(
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

export const HEALTH_SCHEMAS = [Health, UpstreamCall, UpstreamMember, Upstream];

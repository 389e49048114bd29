/** Problems in the OpenAPI document: one component, and for each operation the ones that it can give. */
import { Type, type TSchema } from 'typebox';
import {
  PROBLEM_SLUGS,
  problemStatus,
  problemText,
  problemType,
  type ProblemSlug,
} from '../problems.ts';
import { named, ProcessDate, refTo, Timestamp } from './common.ts';

export const DecidingAnswer = named(
  'DecidingAnswer',
  Type.Object(
    {
      code: Type.String({ description: 'Result code of MKS', examples: ['RP038'] }),
      description: Type.Optional(
        Type.String({ description: 'What MKS said of it, if its signature was verified' }),
      ),
      senderReference: Type.Optional(Type.String()),
      messageId: Type.Optional(Type.String()),
    },
    { description: 'What MKS answered' },
  ),
);

const slugs: TSchema = Type.Enum(PROBLEM_SLUGS.map(problemType), {
  description: 'What kind of problem it is; also the address of a page about it',
});

export const Problem = named(
  'Problem',
  Type.Object(
    {
      type: slugs,
      title: Type.String(),
      status: Type.Integer(),
      detail: Type.String(),
      instance: Type.Optional(Type.String({ description: 'The path of the request' })),
      requestId: Type.Optional(Type.String({ description: 'The id that the log bears' })),
      errors: Type.Optional(
        Type.Array(Type.Object({ path: Type.String(), message: Type.String() }), {
          description: 'Every mistake of the request',
        }),
      ),
      mks: Type.Optional(refTo(DecidingAnswer)),
      hint: Type.Optional(Type.String({ description: 'What the code means and whom to ask' })),
      retryable: Type.Optional(
        Type.Boolean({ description: 'Whether the same request can succeed later' }),
      ),
      senderReference: Type.Optional(
        Type.String({ description: 'The reference of the message to MKS' }),
      ),
      outcome: Type.Optional(
        Type.Enum(['not-sent', 'refused', 'unknown'], {
          description: 'What became of the message to MKS',
        }),
      ),
      opensAt: Type.Optional(Timestamp),
      processDates: Type.Optional(
        Type.Array(ProcessDate, {
          description: 'Days that lack a ready report. Hazır raporu olmayan günler.',
        }),
      ),
      reason: Type.Optional(
        Type.Enum([
          'wrong-password',
          'truncated',
          'corrupt',
          'too-large',
          'not-a-zip',
          'unexpected-content',
        ]),
      ),
    },
    { description: 'A problem (RFC 9457). Texts in Turkish or English by Accept-Language.' },
  ),
);

/** What any operation behind an API key can give. */
export const COMMON_PROBLEMS: readonly ProblemSlug[] = [
  'invalid-request',
  'unauthorized',
  'rate-limited',
  'internal',
  'overloaded',
  'state-unavailable',
];

/** Of what is told without asking Redis. */
export const ON_REFERENCE = COMMON_PROBLEMS.filter((slug) => slug !== 'state-unavailable');

/** What the public addresses can give at all: a wrong method is told from a wrong address. */
export const ON_PUBLIC = ['method-not-allowed', 'internal'] as const;

/** What a call to MKS can end in. */
export const MKS_PROBLEMS: readonly ProblemSlug[] = [
  'mks-rejected',
  'mks-untrusted-response',
  'mks-unreachable',
  'mks-error',
  'mks-login-refused',
  'mks-archive-invalid',
  'mks-unknown-outcome',
  'outside-service-hours',
];

/** The documented answers for these problems, one a status, one example a problem. */
export function problemAnswers(offered: readonly ProblemSlug[]) {
  const byStatus = Map.groupBy(
    PROBLEM_SLUGS.filter((slug) => offered.includes(slug)),
    (slug) => problemStatus(slug),
  );
  return Object.fromEntries([...byStatus].map(([status, group]) => [status, problemAnswer(group)]));
}

function problemAnswer(group: readonly ProblemSlug[]) {
  return {
    description: group.map((slug) => problemText(slug, 'en').title).join('; or: '),
    content: {
      'application/problem+json': {
        schema: refTo(Problem),
        examples: Object.fromEntries(group.map((slug) => [slug, { value: problemExample(slug) }])),
      },
    },
  };
}

function problemExample(slug: ProblemSlug) {
  const text = problemText(slug, 'en');
  return {
    type: problemType(slug),
    title: text.title,
    status: problemStatus(slug),
    detail: text.meaning,
    instance: '/balances',
    requestId: '3f1c6a52-5d4e-4b9a-8f0e-0c5f8f2f4b1d',
    ...EXAMPLE_EXTENSIONS[slug],
  };
}

const SENT = { senderReference: 'GW17-4T9ZK2M8QWERTY01' };
const EXAMPLE_EXTENSIONS: Partial<Record<ProblemSlug, Record<string, unknown>>> = {
  'invalid-request': { errors: [{ path: '/processDate', message: 'is required' }] },
  'mks-rejected': {
    mks: { code: 'RP038', description: 'ISIN', ...SENT, messageId: '906997396' },
    hint: 'MKS does not know the ISIN.',
    retryable: false,
    ...SENT,
    outcome: 'refused',
  },
  'mks-untrusted-response': { ...SENT, outcome: 'unknown' },
  'mks-unreachable': { ...SENT, outcome: 'not-sent' },
  'mks-error': { mks: { code: 'OI003' }, ...SENT, outcome: 'refused', retryable: true },
  'mks-login-refused': { outcome: 'not-sent' },
  'mks-archive-invalid': { reason: 'corrupt' },
  'mks-unknown-outcome': { ...SENT, outcome: 'unknown' },
  'outside-service-hours': { opensAt: '2025-05-06T01:00:00.000+03:00', outcome: 'not-sent' },
};

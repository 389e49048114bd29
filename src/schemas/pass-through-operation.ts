/** The operation of one passed-through service of MKS. */
import { Type } from 'typebox';
import type { ServiceFacts } from '../mks/services/catalogue.ts';
import { answer, MemberQuery, refTo } from './common.ts';
import { COMMON_PROBLEMS, MKS_PROBLEMS, problemAnswers } from './problems.ts';
import { MksPayload } from './services.ts';

const PAYLOAD_EXAMPLE = {
  responseHeader: {
    senderReference: 'GW17-4T9ZK2M8QWERTY01',
    receiverMember: 'TIB',
    messageId: '906997396',
  },
  response: { responseCode: '0000', responseDesc: '' },
};

/** The upstream paths' names are slashes and words: `reports/x-y` → `mksReportsXY`. */
function operationId(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/);
  return `mks${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')}`;
}

/** Schema, documentation and body check of `POST /mks/v1/<name>`. */
export function passThroughOperation(service: ServiceFacts) {
  const file = { schema: Type.String({ format: 'binary' }), example: 'PK…' };
  const problems = problemAnswers([
    ...COMMON_PROBLEMS,
    ...MKS_PROBLEMS.filter((slug) => slug !== 'mks-rejected' && slug !== 'mks-archive-invalid'),
    'member-forbidden',
    'conflict',
    'payload-too-large',
    'unsupported-media-type',
  ]);
  const rejected = {
    ...PAYLOAD_EXAMPLE,
    response: { responseCode: 'RP048', responseDesc: '' },
  };
  const reference = {
    'Sender-Reference': { type: 'string', description: 'The reference of the message to MKS' },
  } as const;
  return {
    schema: {
      operationId: operationId(service.name),
      tags: ['mks'],
      summary: service.summary.en,
      description:
        'The gateway adds the header, signs, sends and verifies; the answer is what MKS signed. ' +
        `\`requestHeader\` is left out.\n\n${service.summary.tr}.`,
      body: service.request,
      'x-request-examples': { sample: { value: exampleOf(service) } },
      querystring: MemberQuery,
      headers: Type.Object({
        'Sender-Reference': Type.Optional(
          Type.String({
            pattern: '^[!-~]{1,255}$',
            description:
              'Send again under this reference, which was given out for the same member, service ' +
              'and payload and whose outcome is open',
          }),
        ),
      }),
      response: {
        200: answer(
          'What MKS answered. MKS yanıtı.',
          {
            'application/json': { schema: refTo(MksPayload), example: PAYLOAD_EXAMPLE },
            ...(service.givesFile && { 'application/octet-stream': file }),
          },
          reference,
        ),
        422: answer(
          'A business code of MKS. MKS iş kuralı kodu.',
          { 'application/json': { schema: refTo(MksPayload), example: rejected } },
          reference,
        ),
        ...problems,
      },
    },
  };
}

/** A body made of the examples in the service's own schema. */
function exampleOf(service: ServiceFacts): Record<string, unknown> {
  const { properties = {} } = service.request as { properties?: Record<string, PropertySchema> };
  return Object.fromEntries(
    Object.entries(properties).flatMap(([name, property]) => {
      const value = property.examples?.[0] ?? property.anyOf?.[0]?.const ?? PLACEHOLDERS[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

interface PropertySchema {
  examples?: unknown[];
  anyOf?: { const?: unknown }[];
}

const PLACEHOLDERS: Readonly<Record<string, string>> = { zipPassword: 'Choose1Yourself' };

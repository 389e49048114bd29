/** `POST /mks/v1/…`: one signed call of a service of MKS on the caller's behalf. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { isCalendarDay } from '../../lib/dates.ts';
import { isSuccessCode } from '../../mks/codes.ts';
import type { ServiceFacts } from '../../mks/services/catalogue.ts';
import type { JsonObject, MksAnswer, MksArchive, MksMessage } from '../../mks/types.ts';
import type { PassThroughCall } from '../../reports/pass-through.ts';
import type { Act } from '../../trail/index.ts';
import { defined } from '../../lib/defined.ts';
import { toProblem } from '../../problems/from-error.ts';
import { FILTER_NAMES } from '../../schemas/reports.ts';
import { problemContext } from '../request/problem-context.ts';
import { seen } from '../request/seen.ts';
import { ProblemError } from '../../problems.ts';
import { DAY_IN_WORDS } from '../../problems/form-words.ts';
import { callerOf, resolveMember } from '../request/access.ts';
import { requireChunks, sendStream } from '../request/send.ts';
import type { App, EdgeDeps } from '../types.ts';
import { callerGone } from '../request/waiting.ts';
import { answer, MemberQuery, named, refTo } from '../../schemas/common.ts';
import { COMMON_PROBLEMS, MKS_PROBLEMS, problemAnswers } from '../../schemas/problems.ts';

const MksPayload = named(
  'MksPayload',
  Type.Object(
    {},
    {
      additionalProperties: true,
      description: "MKS's verified answer, unknown fields and all. Doğrulanmış MKS yanıtı.",
    },
  ),
);

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
function endpointOf(service: ServiceFacts) {
  const file = { schema: Type.String({ format: 'binary' }), example: 'PK…' };
  const problems = problemAnswers([
    ...COMMON_PROBLEMS,
    ...MKS_PROBLEMS.filter((slug) => slug !== 'mks-rejected' && slug !== 'mks-archive-invalid'),
    'member-forbidden',
    'conflict',
    'trail-unavailable',
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

/** One route a service, so that each has a schema and a place in the document of its own. */
export function callServices(app: App, deps: EdgeDeps): void {
  app.addSchema(MksPayload);
  for (const service of deps.services) callService(app, deps, service);
}

function callService(app: App, deps: EdgeDeps, service: ServiceFacts): void {
  app.post(`/mks/v1/${service.name}`, endpointOf(service), async (request, reply) => {
    if (service.givesFile) requireChunks(request);
    refuseNoDay(request.body as JsonObject);
    const caller = callerOf(request);
    const reference = request.headers['sender-reference'];
    const said = await callSeen(deps, request, {
      member: resolveMember(caller, request.query.member, 'member'),
      service: service.name,
      body: request.body as JsonObject,
      client: caller.name,
      ...(typeof reference === 'string' && { senderReference: reference }),
      signal: callerGone(reply),
    });
    reply.header('sender-reference', said.senderReference).header('cache-control', 'no-store');
    return said.kind === 'message' ? sendMessage(reply, said) : sendArchive(request, reply, said);
  });
}

/**
 * Calls MKS, and writes down how it ended before any of the answer leaves.
 * @throws ProblemError `trail-unavailable`, before anything is sent, or with the reference of what was.
 */
async function callSeen(
  deps: EdgeDeps,
  request: FastifyRequest,
  call: PassThroughCall,
): Promise<MksAnswer> {
  const { service, member, body } = call;
  const act = { action: 'service.called', service, member, ...aboutBody(body) } as const;
  await deps.trail.ready();
  const said = await deps.passThrough.call(call).catch(async (error: unknown) => {
    const { slug, options } = toProblem(error, problemContext(deps));
    const { senderReference } = options.extensions ?? {};
    // Nothing leaves but what became of it: that is told whether or not it could be written down.
    await seen(deps, request, { ...act, ...defined({ senderReference }), end: slug }).catch(
      (cause: unknown) =>
        request.log.error({ err: cause }, 'a call that the trail does not tell of'),
    );
    throw error;
  });
  const { senderReference } = said;
  const code = said.kind === 'message' ? said.code : undefined;
  try {
    await seen(deps, request, { ...act, senderReference, ...defined({ code }), end: 'answered' });
  } catch (cause) {
    if (said.kind === 'archive') said.cancel();
    const extensions = { senderReference, outcome: 'unknown' } as const;
    throw new ProblemError('trail-unavailable', { extensions, cause });
  }
  return said;
}

/** What of a message the trail tells: which day, which filters, which report; never a password. */
function aboutBody(body: JsonObject): Pick<Act, 'processDate' | 'filters' | 'refId' | 'file'> {
  const text = (name: string): string | undefined => {
    const value = body[name];
    return typeof value === 'string' ? value : undefined;
  };
  const filters = Object.fromEntries(
    FILTER_NAMES.flatMap((name) => {
      const value = text(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
  return defined({
    processDate: text('processDate'),
    filters: Object.keys(filters).length === 0 ? undefined : filters,
    refId: text('refId'),
    file: text('fileName'),
  });
}

/** A schema knows the form of a date alone. @throws ProblemError. */
function refuseNoDay({ processDate }: JsonObject): void {
  if (typeof processDate !== 'string' || isCalendarDay(processDate)) return;
  const errors = [{ path: '/processDate', message: DAY_IN_WORDS }];
  throw new ProblemError('invalid-request', { extensions: { errors } });
}

/**
 * The very text that MKK signed: to parse it and write it anew could change a number's digits. MKS
 * answers business codes with 422; a code decides where it used another status.
 */
function sendMessage(reply: FastifyReply, said: MksMessage): FastifyReply {
  const isMksStatus = said.httpStatus === 200 || said.httpStatus === 422;
  const status = isMksStatus ? said.httpStatus : isSuccessCode(said.code) ? 200 : 422;
  return reply.code(status).type('application/json').send(said.payloadText);
}

function sendArchive(request: FastifyRequest, reply: FastifyReply, said: MksArchive): FastifyReply {
  reply.raw.once('close', () => said.cancel());
  reply.header('content-type', 'application/octet-stream');
  return sendStream(request, reply, () => said.stream);
}

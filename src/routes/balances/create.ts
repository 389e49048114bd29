/** `POST /balances`: asks for balances and, unless told otherwise, waits for the rows. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import type { Filters, Report } from '../../reports/types.ts';
import type { Places } from '../../lib/places.ts';
import { preferredLanguage } from '../../lib/negotiation.ts';
import { SHUT_OFF_HINT, shutOffText } from '../../lib/signing-faults.ts';
import { ProblemError, type Mistake } from '../../problems.ts';
import { schemaMistakes } from '../../problems/mistakes.ts';
import { retryAfterSeconds } from '../../problems/render.ts';
import { callerOf, memberMistakes, resolveMember } from '../request/access.ts';
import { readPrefer } from '../request/prefer.ts';
import { dateMistake } from '../request/process-date.ts';
import { problemContext } from '../request/problem-context.ts';
import { reportDocument, reportPath } from '../request/report-document.ts';
import { reportMustBeReady } from '../request/report-state.ts';
import { aboutReport, seen } from '../request/seen.ts';
import { negotiateRows, sendRows } from '../request/send-rows.ts';
import type { App, EdgeConfig, EdgeDeps } from '../types.ts';
import { isLive, waitForEnd } from '../request/waiting.ts';
import { answer, jsonAnswer, refTo } from '../../schemas/common.ts';
import { problemAnswers } from '../../schemas/problems.ts';
import { QUEUED_EXAMPLE, REQUEST_EXAMPLE } from '../../schemas/report-examples.ts';
import {
  NOTHING,
  ON_ROWS,
  Prefer,
  preferenceApplied,
  rowContent,
  rowBodyHeaders,
  tags,
} from '../../schemas/report-parts.ts';
import { BalanceRequest, FILTER_NAMES, Report as ReportSchema } from '../../schemas/reports.ts';

const POLL_MS = 5_000;
/** A report takes MKS seconds to minutes, and each that starts gives a place back. */
const QUEUE_RETRY_MS = 30_000;
const KEYS_USED_UP = {
  en: 'The client has used 10,000 idempotency keys in 24 hours. Requests without a key are taken.',
  tr: 'İstemci 24 saatte 10.000 tekrar anahtarı kullandı. Anahtarsız istekler kabul edilir.',
};
const NO_TARGET = {
  en: 'is no notice target of this client: see notices in the clients file',
  tr: 'bu istemcinin bildirim hedefi değil: istemciler dosyasında notices',
};
const CLOSED = {
  en:
    'MKS is closed and this report needs it. Send the request with `Prefer: respond-async`: ' +
    'it is accepted now and starts by itself at `opensAt`.',
  tr:
    'MKS kapalı ve bu rapor için gerekli. İsteği `Prefer: respond-async` ile gönderin: ' +
    'şimdi kabul edilir, `opensAt` anında kendiliğinden başlar.',
};

const endpoint = {
  attachValidation: true,
  schema: {
    operationId: 'createBalances',
    tags,
    summary: 'Ask for balances and get the rows',
    description:
      'Waits for the report and answers with its rows in the format that `Accept` names, or with ' +
      'the report itself (202) when the wait is over. Equal requests share one report unless ' +
      '`refresh` is set; a finished one serves again once the day of the balances is over.\n\n' +
      'Bakiye ister, hazır olunca satırları verir; süre dolarsa 202 ile raporu bildirir.',
    body: refTo(BalanceRequest),
    'x-request-examples': {
      day: { summary: 'All balances of a day', value: REQUEST_EXAMPLE },
      isin: {
        summary: 'One ISIN, not shared',
        value: { ...REQUEST_EXAMPLE, isin: 'TRAGARAN91N1', refresh: true },
      },
    },
    querystring: NOTHING,
    headers: Type.Object({
      Prefer,
      'Idempotency-Key': Type.Optional(
        Type.String({
          pattern: '^[!-~]{1,255}$',
          description: 'The same key and body give the same report for 24 hours',
        }),
      ),
    }),
    response: {
      200: answer('The rows. Satırlar.', rowContent, {
        ...rowBodyHeaders,
        'Content-Location': { type: 'string', description: 'Where the rows are' },
        Location: { type: 'string', description: 'Where the report is' },
        'Preference-Applied': preferenceApplied,
      }),
      202: jsonAnswer(
        'Not ready yet; the report. Henüz hazır değil.',
        refTo(ReportSchema),
        QUEUED_EXAMPLE,
        {
          Location: { type: 'string', description: 'Where the report is' },
          'Retry-After': { type: 'integer', description: 'Seconds until a look is worth while' },
          'Preference-Applied': preferenceApplied,
        },
      ),
      ...problemAnswers([
        ...ON_ROWS.filter((slug) => slug !== 'not-found'),
        'member-forbidden',
        'payload-too-large',
        'unsupported-media-type',
        'idempotency-key-reused',
        'queue-full',
      ]),
    },
  },
};

export function createBalances(
  app: App,
  config: EdgeConfig,
  deps: EdgeDeps & { waits: Places },
): void {
  app.post('/balances', endpoint, async (request, reply) => {
    refuseMistakes(request, deps.clock.now());
    const prefer = readPrefer(request.headers.prefer);
    const format = negotiateRows(request);
    await deps.trail.ready();
    const asked = await askForReport(deps, request, prefer.respondAsync);
    if (prefer.applied !== undefined) reply.header('preference-applied', prefer.applied);
    const asking = { action: 'balances.asked', ...aboutReport(asked), end: 'accepted' } as const;
    // With rows that are there already it is one write for both.
    const isThere = asked.state === 'ready';
    if (!isThere) await seen(deps, request, asking);
    const { notify } = request.body;
    if (notify !== undefined) {
      const client = callerOf(request).name;
      await deps.orders.notices.want({ client, target: notify, report: asked.id });
    }
    const waitMs = prefer.waitMs ?? config.balancesWaitMs;
    const report = isThere ? asked : ((await waitForEnd(deps, reply, asked, waitMs)) ?? asked);
    if (reply.raw.destroyed) return reply.hijack();
    request.told = { ...request.told, report: report.id };
    reply.header('location', reportPath(report.id));
    if (isLive(report)) return accepted(deps, request, reply, report);
    reportMustBeReady(report, problemContext(deps));
    reply.header('content-location', `${reportPath(report.id)}/rows`);
    return sendRows(deps, request, reply, report, format, isThere ? [asking] : []);
  });
}

/** All mistakes at once: those of the schemas, and what a schema cannot say. */
function refuseMistakes(request: FastifyRequest, now: number): void {
  // Fastify has validated it already: the whole list is made for a request that is wrong alone.
  const errors = request.validationError === undefined ? [] : schemaMistakes(request);
  const body = Object(request.body) as Record<string, unknown>;
  const addUnlessNamed = (mistake: Mistake) => {
    if (!errors.some(({ path }) => path === mistake.path)) errors.push(mistake);
  };
  if (typeof body['processDate'] === 'string') {
    const path = '/processDate';
    if (!errors.some((mistake) => mistake.path === path)) {
      const message = dateMistake(body['processDate'], now);
      if (message !== undefined) addUnlessNamed({ path, message });
    }
  }
  memberMistakes(callerOf(request), body['member'], '/member').forEach(addUnlessNamed);
  const { notify } = body;
  if (typeof notify === 'string' && !Object.hasOwn(callerOf(request).notices, notify)) {
    addUnlessNamed({ path: '/notify', message: NO_TARGET });
  }
  if (errors.length > 0) throw new ProblemError('invalid-request', { extensions: { errors } });
}

async function askForReport(
  deps: EdgeDeps,
  request: FastifyRequest,
  respondAsync: boolean,
): Promise<Report> {
  const caller = callerOf(request);
  const body = request.body as Static<typeof BalanceRequest>;
  const idempotencyKey = request.headers['idempotency-key'];
  const member = resolveMember(caller, body.member, '/member');
  const result = await deps.desk.request({
    client: caller.name,
    queue: { limit: caller.queueLimit, members: caller.members },
    member,
    processDate: body.processDate,
    filters: filtersOf(body),
    refresh: body.refresh ?? false,
    ...(typeof idempotencyKey === 'string' && { idempotencyKey }),
    acceptOutsideHours: respondAsync,
  });
  if (result.kind === 'report') return result.report;
  if (result.kind === 'idempotency-key-reused') throw new ProblemError('idempotency-key-reused');
  if (result.kind === 'queue-full') {
    throw new ProblemError('queue-full', { retryAfterMs: QUEUE_RETRY_MS });
  }
  if (result.kind === 'keys-used-up') {
    const retryAfterMs = result.freeAt - deps.clock.now();
    throw new ProblemError('rate-limited', { detail: KEYS_USED_UP, retryAfterMs });
  }
  if (result.kind === 'shut-off') {
    throw new ProblemError('conflict', {
      detail: shutOffText(member, result.fault),
      extensions: { hint: SHUT_OFF_HINT, outcome: 'not-sent' },
    });
  }
  throw new ProblemError('outside-service-hours', {
    detail: CLOSED,
    extensions: { opensAt: result.opensAt, outcome: 'not-sent' },
    retryAfterMs: result.opensAt - deps.clock.now(),
  });
}

function filtersOf(body: Static<typeof BalanceRequest>): Filters {
  return Object.fromEntries(
    FILTER_NAMES.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])),
  );
}

function accepted(
  deps: EdgeDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  report: Report,
): FastifyReply {
  const untilStartMs = (report.startsAt ?? 0) - deps.clock.now();
  const language = preferredLanguage(request.headers['accept-language']);
  return reply
    .code(202)
    .header('retry-after', retryAfterSeconds(Math.max(POLL_MS, untilStartMs)))
    .type('application/json')
    .send(reportDocument(report, language, problemContext(deps)));
}

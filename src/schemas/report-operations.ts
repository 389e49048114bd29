/** The operations on reports as the OpenAPI document shows them and Fastify checks them. */
import { Type } from 'typebox';
import { answer, jsonAnswer, MemberCode, refTo } from './common.ts';
import { COMMON_PROBLEMS, problemAnswers } from './problems.ts';
import { QUEUED_EXAMPLE, READY_EXAMPLE, REQUEST_EXAMPLE } from './report-examples.ts';
import {
  NOTHING,
  ON_REPORT,
  ON_ROWS,
  preferenceApplied,
  Prefer,
  ReportParams,
  rowContent,
  rowHeaders,
  tags,
} from './report-parts.ts';
import { BalanceRequest, Report, ReportList, ReportState } from './reports.ts';

export const createOperation = {
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
        value: { processDate: '20250505', isin: 'TRAGARAN91N1', refresh: true },
      },
    },
    querystring: NOTHING,
    headers: Type.Object({
      Prefer,
      'Idempotency-Key': Type.Optional(
        Type.String({
          pattern: '^[!-~]{1,255}$',
          description: 'The same key and body give the same report for 24 hours',
          examples: ['reconciliation-2025-05-05'],
        }),
      ),
    }),
    response: {
      200: answer('The rows. Satırlar.', rowContent, {
        ...rowHeaders,
        'Content-Location': { type: 'string', description: 'Where the rows are' },
        Location: { type: 'string', description: 'Where the report is' },
        'Preference-Applied': preferenceApplied,
      }),
      202: jsonAnswer(
        'Not ready yet; the report. Henüz hazır değil.',
        refTo(Report),
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
      ]),
    },
  },
};

export const listOperation = {
  schema: {
    operationId: 'listBalances',
    tags,
    summary: 'List reports',
    description: "The reports of the caller's members, newest first. Üyelerinizin raporları.",
    querystring: Type.Object(
      {
        member: Type.Optional(MemberCode),
        state: Type.Optional(ReportState),
        limit: Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'Page size' }),
        cursor: Type.Optional(
          Type.String({ minLength: 1, maxLength: 512, description: 'From `nextCursor`' }),
        ),
      },
      { additionalProperties: false },
    ),
    response: {
      200: jsonAnswer('One page. Bir sayfa.', refTo(ReportList), { items: [READY_EXAMPLE] }),
      ...problemAnswers([...COMMON_PROBLEMS, 'member-forbidden']),
    },
  },
};

export const readOperation = {
  schema: {
    operationId: 'readBalances',
    tags,
    summary: 'Read a report',
    description: '`Prefer: wait=N` waits for its end. Raporu okur; istenirse bitmesini bekler.',
    params: ReportParams,
    querystring: NOTHING,
    headers: Type.Object({ Prefer }),
    response: {
      200: jsonAnswer('The report. Rapor.', refTo(Report), READY_EXAMPLE, {
        'Preference-Applied': preferenceApplied,
      }),
      ...problemAnswers(ON_REPORT),
    },
  },
};

export const eventsOperation = {
  schema: {
    operationId: 'followBalances',
    tags,
    summary: 'Follow a report',
    description:
      'Server-sent events named `report`, one for each change and at most one a second, until the ' +
      'report has ended; the id of an event is the version of the report.\n\n' +
      'Raporun değişikliklerini olay olarak bildirir.',
    params: ReportParams,
    querystring: NOTHING,
    headers: Type.Object({
      'Last-Event-ID': Type.Optional(Type.String({ description: 'Sent by browsers' })),
    }),
    response: {
      200: answer('Events. Olaylar.', {
        'text/event-stream': {
          schema: Type.String(),
          example: `id: 4\nevent: report\ndata: ${JSON.stringify(READY_EXAMPLE)}\n\n`,
        },
      }),
      204: { description: 'There will be no more events. Başka olay olmayacak.', type: 'null' },
      ...problemAnswers(ON_REPORT),
    },
  },
};

export const withdrawOperation = {
  schema: {
    operationId: 'withdrawBalances',
    tags,
    summary: 'Take an interest back',
    description:
      'While the report is queued. The last interest that goes cancels it.\n\nSıradaki istekten vazgeçer.',
    params: ReportParams,
    querystring: NOTHING,
    response: {
      204: { description: 'Taken back. Vazgeçildi.', type: 'null' },
      ...problemAnswers([...ON_REPORT, 'conflict']),
    },
  },
};

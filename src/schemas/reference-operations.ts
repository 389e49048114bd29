/** The operations that tell about MKS, the gateway's document and its problems. */
import { Type } from 'typebox';
import { answer, jsonAnswer, refTo } from './common.ts';
import { COMMON_PROBLEMS, problemAnswers } from './problems.ts';
import { ProblemPage, ResultCodeList, ServiceHoursList } from './services.ts';

const PUBLIC = { config: { public: true } } as const;
const NO_KEY: { [name: string]: string[] }[] = [];
/** What these addresses can give at all: a wrong method is told from a wrong address. */
const ON_PUBLIC = ['method-not-allowed', 'internal'] as const;
const ON_REFERENCE = COMMON_PROBLEMS.filter((slug) => slug !== 'state-unavailable');

export const serviceHoursOperation = {
  schema: {
    operationId: 'readServiceHours',
    tags: ['reference'],
    summary: 'Read the service hours',
    description: 'Each group of services of MKS: its window, whether it is open. Hizmet saatleri.',
    response: {
      200: jsonAnswer('The groups. Gruplar.', refTo(ServiceHoursList), {
        now: '2025-05-06T10:15:00.000+03:00',
        items: [
          {
            group: 4,
            services: ['reports/async-report-status'],
            window: '01:00-23:00',
            open: true,
            opensAt: '2025-05-07T01:00:00.000+03:00',
            closesAt: '2025-05-06T23:00:00.000+03:00',
          },
        ],
      }),
      ...problemAnswers(ON_REFERENCE),
    },
  },
};

export const resultCodesOperation = {
  schema: {
    operationId: 'readResultCodes',
    tags: ['reference'],
    summary: 'Read the result codes',
    description: 'What each code of MKS means, in Turkish or English. MKS kodlarının anlamı.',
    response: {
      200: jsonAnswer('The codes. Kodlar.', refTo(ResultCodeList), {
        items: [
          {
            code: 'RP023',
            meaning: 'The report is being made.',
            kind: 'wait',
            mends: 'nobody',
            retryable: true,
            authorities: [],
          },
        ],
      }),
      ...problemAnswers(ON_REFERENCE),
    },
  },
};

export const openapiOperation = {
  ...PUBLIC,
  schema: {
    operationId: 'readOpenapi',
    tags: ['operations'],
    security: NO_KEY,
    summary: 'Read this document',
    description: 'OpenAPI 3.1. Bu belge.',
    response: {
      200: jsonAnswer('The document. Belge.', Type.Object({}, { additionalProperties: true }), {
        openapi: '3.1.0',
      }),
      ...problemAnswers(ON_PUBLIC),
    },
  },
};

const PAGE_EXAMPLE = {
  type: '/problems/conflict',
  status: 409,
  title: 'Not possible in the present state',
  meaning: 'The request makes sense, but not in the state that things are in now.',
  remedy: 'Read the state, wait if it is still changing, and decide anew.',
};

export const problemPageOperation = {
  ...PUBLIC,
  schema: {
    operationId: 'readProblem',
    tags: ['operations'],
    security: NO_KEY,
    summary: 'Read about a problem',
    description: 'A page for people or JSON, by `Accept`. Sorunun açıklaması.',
    params: Type.Object({
      slug: Type.String({ description: 'The last part of `type`', examples: ['conflict'] }),
    }),
    querystring: Type.Object({
      lang: Type.Optional(Type.Enum(['en', 'tr'], { description: 'Instead of Accept-Language' })),
    }),
    response: {
      200: answer('What it means. Anlamı.', {
        'application/json': { schema: refTo(ProblemPage), example: PAGE_EXAMPLE },
        'text/html': { schema: Type.String(), example: '<!doctype html>…' },
      }),
      ...problemAnswers(['invalid-request', 'not-found', 'internal']),
    },
  },
};

/** The operations for those who watch over the gateway. */
import { Type } from 'typebox';
import { answer, jsonAnswer, refTo } from './common.ts';
import { Health, Upstream } from './health.ts';
import { problemAnswers } from './problems.ts';

const PUBLIC = { config: { public: true } } as const;
const NO_KEY: { [name: string]: string[] }[] = [];
const ON_PUBLIC = ['method-not-allowed', 'internal'] as const;
const NOW = '2025-05-06T10:15:00.000+03:00';

/** `live` asks nothing; `ready` runs each check. */
export function healthOperation(kind: 'live' | 'ready') {
  const isReady = kind === 'ready';
  const checks = (ok: boolean) =>
    isReady ? { checks: { redis: { ok, checkedAt: NOW, ageSeconds: 0.4 } } } : {};
  return {
    ...PUBLIC,
    schema: {
      operationId: isReady ? 'readReadiness' : 'readLiveness',
      tags: ['operations'],
      security: NO_KEY,
      summary: isReady ? 'Can it serve?' : 'Does it run?',
      description: isReady
        ? 'Each check by name, with its verdict and age. Hazır mı?'
        : 'The process runs. Çalışıyor mu?',
      response: {
        200: jsonAnswer('Yes. Evet.', refTo(Health), { status: 'ok', ...checks(true) }),
        ...problemAnswers(ON_PUBLIC),
        ...(isReady && {
          503: jsonAnswer('No. Hayır.', refTo(Health), { status: 'unavailable', ...checks(false) }),
        }),
      },
    },
  };
}

export const upstreamOperation = {
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

export const metricsOperation = {
  ...PUBLIC,
  schema: {
    operationId: 'readMetrics',
    tags: ['operations'],
    security: NO_KEY,
    summary: 'Read the metrics',
    description: "Prometheus's text format. Ölçümler.",
    response: {
      200: answer('The metrics. Ölçümler.', {
        'text/plain': { schema: Type.String(), example: 'mks_gateway_redis_up 1\n' },
      }),
      ...problemAnswers(ON_PUBLIC),
    },
  },
};

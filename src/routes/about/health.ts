/** `GET /health/live`, `/health/ready` and `/health/upstream`: does it run, can it serve, can MKS. */
import { defined } from '../../lib/defined.ts';
import { toIstanbulTimestamp } from '../../lib/dates.ts';
import type { Observation } from '../../operations/upstream-verdict.ts';
import type { MemberUpstream } from '../../operations/upstream.ts';
import { healthOperation, upstreamOperation } from '../../schemas/health-operations.ts';
import type { App, EdgeDeps, HealthCheck } from '../types.ts';

export function readHealth(app: App, deps: EdgeDeps): void {
  app.get('/health/live', healthOperation('live'), (_request, reply) =>
    reply.header('cache-control', 'no-store').send({ status: 'ok' }),
  );

  app.get('/health/ready', healthOperation('ready'), async (_request, reply) => {
    const found = await deps.health();
    const now = deps.clock.now();
    const checks = { ...found, accepting: { ok: !deps.shutdown.aborted, checkedAt: now } };
    const isReady = Object.values(checks).every(({ ok }) => ok);
    return reply
      .code(isReady ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({
        status: isReady ? 'ok' : 'unavailable',
        checks: Object.fromEntries(
          Object.entries(checks).map(([name, check]) => [name, checkDocument(check, now)]),
        ),
      });
  });

  // Always 200: MKS being away is no reason to take a gateway out of service.
  app.get('/health/upstream', upstreamOperation, async (_request, reply) => {
    const { verdict, checkedAt, members, hours } = await deps.operations.upstream();
    return reply.header('cache-control', 'no-store').send({
      verdict,
      checkedAt: toIstanbulTimestamp(checkedAt),
      hours: {
        open: hours.open,
        ...timestamps({ opensAt: hours.opensAt, closesAt: hours.closesAt }),
      },
      members: members.map(memberDocument),
    });
  });
}

function checkDocument({ checkedAt, ...check }: HealthCheck, now: number) {
  return {
    ...check,
    checkedAt: toIstanbulTimestamp(checkedAt),
    ageSeconds: Math.max(0, Math.round((now - checkedAt) / 100) / 10),
  };
}

function memberDocument(state: MemberUpstream) {
  const { member, verdict, token, lastAnswer, lastFailure, failuresInARow, failingSince } = state;
  return {
    member,
    verdict,
    ...timestamps({ failingSince }),
    evidence: {
      failuresInARow,
      ...(lastAnswer !== undefined && { lastAnswer: observationDocument(lastAnswer) }),
      ...(lastFailure !== undefined && { lastFailure: observationDocument(lastFailure) }),
      ...(token !== undefined && {
        token: {
          ...defined({ reason: token.reason }),
          ...timestamps({ expiresAt: token.expiresAt, loginPausedUntil: token.refusedUntil }),
        },
      }),
    },
  };
}

function observationDocument({ time, ...observation }: Observation) {
  return { time: toIstanbulTimestamp(time), ...observation };
}

/** Wall ms → RFC 3339; what is not known is left out. */
function timestamps<Name extends string>(instants: Record<Name, number | undefined>) {
  return Object.fromEntries(
    Object.entries<number | undefined>(instants).flatMap(([name, instant]) =>
      instant === undefined ? [] : [[name, toIstanbulTimestamp(instant)]],
    ),
  ) as { [name in Name]?: string };
}

/** `GET /service-hours`: when each group of services is open. */
import { Type } from 'typebox';
import { toIstanbulTimestamp } from '../../lib/dates.ts';
import type { HoursGroup, ServiceWindow } from '../../mks/hours.ts';
import type { App, EdgeDeps } from '../types.ts';
import { jsonAnswer, named, refTo, Timestamp } from '../../schemas/common.ts';
import { ON_REFERENCE, problemAnswers } from '../../schemas/problems.ts';

const ServiceHoursGroup = named(
  'ServiceHoursGroup',
  Type.Object(
    {
      group: Type.Integer({ minimum: 1, maximum: 4 }),
      services: Type.Array(Type.String()),
      window: Type.String({ description: 'HH:MM-HH:MM, Istanbul', examples: ['01:00-23:00'] }),
      open: Type.Boolean({ description: 'Open now. Şu anda açık.' }),
      opensAt: Type.Optional(Timestamp),
      closesAt: Type.Optional(Timestamp),
    },
    { description: 'One group of services; one that never closes has no times' },
  ),
);

const ServiceHoursList = named(
  'ServiceHoursList',
  Type.Object(
    { now: Timestamp, items: Type.Array(refTo(ServiceHoursGroup)) },
    { description: 'When MKS is open. MKS hizmet saatleri.' },
  ),
);

const endpoint = {
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

const GROUPS: readonly HoursGroup[] = [1, 2, 3, 4];

export function readServiceHours(app: App, deps: EdgeDeps): void {
  for (const schema of [ServiceHoursGroup, ServiceHoursList]) app.addSchema(schema);
  app.get('/service-hours', endpoint, (_request, reply) => {
    const now = deps.clock.now();
    return reply.send({
      now: toIstanbulTimestamp(now),
      items: GROUPS.map((group) => describeGroup(deps, group, now)),
    });
  });
}

function describeGroup(deps: EdgeDeps, group: HoursGroup, now: number) {
  const opensAt = deps.hours.opensAt(group, now);
  const closesAt = deps.hours.closesAt(group, now);
  const open = deps.hours.isOpen(group, now);
  return {
    group,
    services: deps.services
      .filter(({ hoursGroup }) => hoursGroup === group)
      .map(({ name }) => name),
    window: windowText(deps.hours.windows[group]),
    open,
    ...(opensAt !== undefined && { opensAt: toIstanbulTimestamp(opensAt) }),
    ...(closesAt !== undefined && { closesAt: toIstanbulTimestamp(closesAt) }),
  };
}

function windowText(window: ServiceWindow): string {
  return `${clockTime(window.startMinute)}-${clockTime(window.endMinute)}`;
}

function clockTime(minute: number): string {
  return `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}

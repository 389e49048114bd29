/** `GET /service-hours`: when each group of services is open. */
import { toIstanbulTimestamp } from '../../lib/dates.ts';
import type { HoursGroup, ServiceWindow } from '../../mks/hours.ts';
import { serviceHoursOperation } from '../../schemas/reference-operations.ts';
import type { App, EdgeDeps } from '../types.ts';

const GROUPS: readonly HoursGroup[] = [1, 2, 3, 4];

export function readServiceHours(app: App, deps: EdgeDeps): void {
  app.get('/service-hours', serviceHoursOperation, (_request, reply) => {
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

/** When MKS's services are open, in Istanbul time, whatever the time zone of the process. */
import type { Clock } from '../lib/clock.ts';
import { istanbulMidnight, toIstanbulWeekday } from '../lib/dates.ts';
import type { HoursGroup, ServiceWindow, ServiceWindows } from '../lib/service-windows.ts';

export type { HoursGroup, ServiceWindow, ServiceWindows };

export interface ServiceHours {
  windows: ServiceWindows;
  isOpen(group: HoursGroup, nowMs?: number): boolean;
  /** Wall ms of the next opening; undefined for a group that never closes. */
  opensAt(group: HoursGroup, nowMs?: number): number | undefined;
  /** Wall ms of the next closing; undefined for a group that never closes. */
  closesAt(group: HoursGroup, nowMs?: number): number | undefined;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Yesterday's window may reach into today; the next of a Monday-to-Friday group is 7 days off at most. */
const HORIZON_DAYS = [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8];

interface Span {
  from: number;
  to: number;
}

/**
 * The hours of MKS 8 as configured. Group 2 opens on Monday to Friday only: its holidays and half
 * days are not known here, and on those MKS itself refuses.
 * @param windows one a group; 0 to 1440 is open always.
 */
export function createServiceHours(windows: ServiceWindows, clock: Clock): ServiceHours {
  const spans = (group: HoursGroup, nowMs: number) => spansAround(windows[group], group, nowMs);
  return {
    windows,
    isOpen: (group, nowMs = clock.now()) =>
      spans(group, nowMs).some((span) => span.from <= nowMs && nowMs < span.to),
    opensAt: (group, nowMs = clock.now()) =>
      neverCloses(windows[group], group)
        ? undefined
        : spans(group, nowMs).find((span) => span.from > nowMs)?.from,
    closesAt: (group, nowMs = clock.now()) =>
      neverCloses(windows[group], group)
        ? undefined
        : spans(group, nowMs).find((span) => span.to > nowMs)?.to,
  };
}

/** The hours of one service, told like those of a group. */
export interface Hours {
  isOpen(nowMs?: number): boolean;
  opensAt(nowMs?: number): number | undefined;
  closesAt(nowMs?: number): number | undefined;
}

/** The hours of one service; one without a group is always open. */
export function hoursOf(
  { hoursGroup: group }: { hoursGroup?: HoursGroup },
  hours: ServiceHours,
): Hours {
  return {
    isOpen: (nowMs) => group === undefined || hours.isOpen(group, nowMs),
    opensAt: (nowMs) => (group === undefined ? undefined : hours.opensAt(group, nowMs)),
    closesAt: (nowMs) => (group === undefined ? undefined : hours.closesAt(group, nowMs)),
  };
}

function neverCloses(window: ServiceWindow, group: HoursGroup): boolean {
  return group !== 2 && window.startMinute === 0 && window.endMinute === 1440;
}

/** The open spans from yesterday on, those that touch joined into one. */
function spansAround(window: ServiceWindow, group: HoursGroup, nowMs: number): Span[] {
  const today = istanbulMidnight(nowMs);
  const crossesMidnight = window.endMinute <= window.startMinute;
  const spans: Span[] = [];
  for (const day of HORIZON_DAYS) {
    const midnight = today + day * DAY_MS;
    if (group === 2 && isWeekend(midnight)) continue;
    const from = midnight + window.startMinute * MINUTE_MS;
    const to = midnight + window.endMinute * MINUTE_MS + (crossesMidnight ? DAY_MS : 0);
    const last = spans.at(-1);
    if (last?.to === from) last.to = to;
    else spans.push({ from, to });
  }
  return spans;
}

function isWeekend(instantMs: number): boolean {
  const weekday = toIstanbulWeekday(instantMs);
  return weekday === 0 || weekday === 6;
}

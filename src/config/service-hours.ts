/** The service hours of MKS's four groups as the environment may override them. */

import type { HoursGroup, ServiceWindow } from '../lib/service-windows.ts';

export const SERVICE_HOURS_PATTERN =
  '^([01][0-9]|2[0-3]):[0-5][0-9]-(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$';

export const SERVICE_HOURS_HINT = [
  'must be HH:MM-HH:MM, Istanbul time, with two different times; 00:00-24:00 is always',
  'SS:DD-SS:DD olmalı, İstanbul saatiyle, iki ayrı saat; hep açık için 00:00-24:00',
] as const;

/** What MKS keeps: group 2 changes balances, and closes earlier (MKS, service hours). */
export const DEFAULT_SERVICE_HOURS = {
  1: '01:00-23:00',
  2: '08:30-21:00',
  3: '01:00-23:00',
  4: '01:00-23:00',
} as const satisfies Record<HoursGroup, string>;

/** Reads `HH:MM-HH:MM`; undefined when the window would have no length or is no such text. */
export function parseServiceWindow(text: string): ServiceWindow | undefined {
  if (!new RegExp(SERVICE_HOURS_PATTERN).test(text)) return undefined;
  const [startMinute = 0, endMinute = 0] = text.split('-').map((time) => {
    const [hours = 0, minutes = 0] = time.split(':').map(Number);
    return hours * 60 + minutes;
  });
  return startMinute === endMinute ? undefined : Object.freeze({ startMinute, endMinute });
}

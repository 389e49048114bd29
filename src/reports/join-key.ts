/** What tells whether two asks want the same of a member. */
import { hash } from 'node:crypto';
import type { Filters, Wanted } from './types.ts';

/** The same for those who want the same of a member, and for nobody else. */
export function joinKeyOf({ processDate, filters }: Omit<Wanted, 'member'>): string {
  return digestOf([processDate, canonical(filters)]);
}

/** Filters in one order, whichever they were asked in. */
export function canonical(filters: Filters): [string, string][] {
  return Object.entries(filters).toSorted(([one], [other]) => (one < other ? -1 : 1));
}

/** SHA-256, hex. */
export function digestOf(parts: unknown): string {
  return hash('sha256', JSON.stringify(parts), 'hex');
}

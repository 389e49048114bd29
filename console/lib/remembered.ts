/** What was asked for last, so that nobody fills the same form in anew each morning. No balance, no key. */
import type { Filters } from './documents.ts';

const STORED = 'mks-last-asked';

export interface LastAsked {
  member?: string;
  filters: Filters;
  ledger?: string;
}

export function lastAsked(): LastAsked {
  try {
    const stored = JSON.parse(localStorage.getItem(STORED) ?? '{}') as Partial<LastAsked>;
    return { ...stored, filters: stored.filters ?? {} };
  } catch {
    return { filters: {} };
  }
}

export function remember(asked: Partial<LastAsked>): void {
  localStorage.setItem(STORED, JSON.stringify({ ...lastAsked(), ...asked }));
}

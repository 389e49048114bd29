/** Changes that no test notices because there is nothing to notice, each with its reason. */
import { type Mutant, shown } from './mutate.ts';

/** By file, then by the change as the page shows it. */
const REASONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {};

export function explanationOf(mutant: Mutant): string | undefined {
  return REASONS[mutant.file]?.[shown(mutant)];
}

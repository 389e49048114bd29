/** Lines of rows as the spool keeps them, and as it would not. */
import { FIELD_NAMES } from '../../src/rows/columns.ts';

/** @param cells one for each field. @param isOdd the fields stand in another order than in kept lines. */
export function lineOf(cells: readonly string[], isOdd: boolean): string {
  const entries = FIELD_NAMES.map((name, at): [string, string] => [name, cells[at] as string]);
  return `${JSON.stringify(Object.fromEntries(isOdd ? entries.toReversed() : entries))}\n`;
}

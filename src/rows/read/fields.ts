/** How the decoder sees the fields of a row: by their place. */
import { COLUMN_NAMES, FIELD_NAMES } from '../columns.ts';

export { COLUMN_NAMES, FIELD_NAMES };

export const FIELD_COUNT = FIELD_NAMES.length;

/** Indexes into the row, for the fields that need a treatment of their own. */
export const DATE_FIELD = 0;
export const MEMBER_FIELD = 1;
export const ACCOUNT_FIELD = 2;
export const ISIN_FIELD = 6;
export const AMOUNT_FIELD = 8;

/** One name whatever its case and whichever of the Turkish i's it was written with. */
function normalised(name: string): string {
  return name.trim().normalize('NFD').replaceAll('\u0307', '').toUpperCase();
}

const FIELD_BY_NAME = new Map<string, number>();
for (const names of [FIELD_NAMES, COLUMN_NAMES]) {
  for (const [field, name] of names.entries()) {
    FIELD_BY_NAME.set(normalised(name), field);
    // As MKS writes it, so that it needs no other look in nearly every row.
    FIELD_BY_NAME.set(name, field);
  }
}

/**
 * The index of the field that a JSON key or a CSV column names, or -1 for one that is not MKS's.
 * Case, white space around it and dotted or dotless i do not matter.
 */
export function fieldOf(name: string): number {
  return FIELD_BY_NAME.get(name) ?? FIELD_BY_NAME.get(normalised(name)) ?? -1;
}

/** Each value for itself. */
export const ALONE = Uint8Array.from({ length: FIELD_COUNT }, (_, field) => field);

/** One row under construction: each value is a range of a window, or bytes of its own. */
export interface RowValues {
  /**
   * Where each value lies in the window, as the inside of a JSON string; behind the fields is room for
   * a value that is none of them.
   */
  starts: Int32Array;
  ends: Int32Array;
  /** The value where the window does not hold it in its final form. */
  replaced: (Uint8Array | undefined)[];
  /** Where in the window a comma stands in the amount for which a point is written; NO_COMMA: nowhere. */
  comma: number;
  /**
   * By field, the last one up to which the window holds from its start on what a line of ours does, so
   * that they are copied in one go: the field itself where nothing is known.
   */
  lasts: Uint8Array;
}

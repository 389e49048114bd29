/** What a report's rows say that nobody asked for: read whole all the same, and never unseen. */

export const REMARKS = [
  'other-member',
  'other-date',
  'missing-column',
  'unknown-column',
  'unknown-code',
] as const;

export interface Remark {
  remark: (typeof REMARKS)[number];
  /** Which column, or what the rows say instead of what was asked. */
  detail: string;
  /** In how many rows. */
  count: number;
}

/** What the rows of a file have to say of themselves; what is left out is not looked at. */
export interface Asked {
  member?: string;
  /** `YYYYMMDD`. */
  processDate?: string;
}

/** Remarks of one report's files as one list: the same remark is counted together. */
export function mergeRemarks(remarks: readonly Remark[]): Remark[] {
  const merged = new Map<string, Remark>();
  for (const { remark, detail, count } of remarks) {
    const key = JSON.stringify([remark, detail]);
    merged.set(key, { remark, detail, count: count + (merged.get(key)?.count ?? 0) });
  }
  return [...merged.values()];
}

/** What a profile says of a ledger, by field of a row. */
import { ALIASED_FIELDS, type CheckProfile, plainColumnName } from '../lib/check-profile.ts';
import { FIELD_NAMES } from '../rows/columns.ts';
import { ACCOUNT_FIELD, fieldOf } from '../rows/read/fields.ts';

export interface LedgerMapping {
  /** The field that a column holds, or -1 for one that is not looked at. */
  fieldOfColumn(name: string): number;
  /** What the ledger calls the column of a field, where the profile says so. */
  columnOf(field: number): string | undefined;
  /** Makes a value as MKS writes it of the ledger's; undefined where values stay as they are. */
  change(field: number): Change | undefined;
}

export type Change = (text: string) => string;

/** @param profile without one columns have MKS's names, and values stay as they are. */
export function createMapping(profile?: CheckProfile): LedgerMapping {
  const { columns = {}, ignore = [] } = profile ?? {};
  const ignored = new Set(ignore.map(plainColumnName));
  const named = new Map(
    Object.entries(columns).map(([field, column]) => [plainColumnName(column), indexOf(field)]),
  );
  const claimed = new Set(named.values());
  const changes = profile === undefined ? new Map<number, Change>() : changesOf(profile);
  return {
    fieldOfColumn(name) {
      const plain = plainColumnName(name);
      if (ignored.has(plain)) return -1;
      const field = named.get(plain);
      if (field !== undefined) return field;
      const usual = fieldOf(plain);
      // The profile says that another column holds it.
      return claimed.has(usual) ? -1 : usual;
    },
    columnOf: (field) => columns[FIELD_NAMES[field] ?? ''],
    change: (field) => changes.get(field),
  };
}

function changesOf({ accountLength, aliases }: CheckProfile): Map<number, Change> {
  const changes = new Map<number, Change>();
  if (accountLength !== undefined) {
    changes.set(ACCOUNT_FIELD, (text) =>
      /^\d+$/.test(text) ? text.padStart(accountLength, '0') : text,
    );
  }
  for (const name of ALIASED_FIELDS) {
    const known = new Map(Object.entries(aliases[name]));
    if (known.size > 0) changes.set(indexOf(name), (text) => known.get(text) ?? text);
  }
  return changes;
}

function indexOf(field: string): number {
  return FIELD_NAMES.indexOf(field as (typeof FIELD_NAMES)[number]);
}

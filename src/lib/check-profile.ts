/** How a ledger that names or writes things in its own way is read: an entry of the profiles file. */

export interface CheckProfile {
  name: string;
  /** By field of a row the column of the ledger that holds it; the others keep MKS's names. */
  columns: Readonly<Record<string, string>>;
  /** Account numbers of digits alone get zeros in front until they are so long. */
  accountLength?: number;
  /** What the ledger writes → what MKS does. */
  aliases: Readonly<Record<AliasedField, Readonly<Record<string, string>>>>;
  /** Columns that are not looked at, whatever they are called. */
  ignore: readonly string[];
}

export const ALIASED_FIELDS = ['isin', 'subAccCode'] as const;
export type AliasedField = (typeof ALIASED_FIELDS)[number];

/**
 * A column's name as it is compared: `Alt Hesap`, `ALT-HESAP` and `alt_hesâp` are one, as neither case nor dots and
 * accents tell any apart.
 */
export function plainColumnName(name: string): string {
  const plain = name.trim().normalize('NFD').replaceAll(/\p{M}/gu, '');
  return plain.replaceAll(/[\s-]+/g, '_').toUpperCase();
}

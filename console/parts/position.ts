/** The columns that say which position it is. */
import { t } from '../lib/language.ts';
import { FIELD_TEXTS } from './fields.ts';
import type { Column } from './list-table.ts';

const FIELDS = ['mbrAccNo', 'subAccCode', 'secClassCode', 'mic', 'isin', 'addDefCode'] as const;

/** What a balance is a balance of; a ledger may name less of it. */
export type Position = Partial<Record<(typeof FIELDS)[number], string>>;

/** Those that any of these has. */
export function positionColumns<Item extends Position>(items: readonly Item[]): Column<Item>[] {
  return FIELDS.filter((field) => items.some((item) => item[field] !== undefined)).map((field) => ({
    name: field,
    text: t(FIELD_TEXTS[field]),
    hint: FIELD_TEXTS[field].mks,
    valueOf: (item) => item[field] ?? '',
  }));
}

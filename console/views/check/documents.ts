/** What a check of a ledger answers. */
import type { Localised } from '../../lib/language.ts';
import type { Position } from '../../parts/position.ts';

export interface Break extends Position {
  break: keyof typeof BREAKS;
  ledger?: string;
  mks?: string;
  difference: string;
  cause?: keyof typeof CAUSES;
  /** Where checks are kept: the process date since which it has been there. */
  firstSeen?: string;
  ageDays?: number;
}

export interface CheckRecord {
  /** Where checks are kept. */
  id?: string;
  createdAt?: string;
  member: string;
  processDate: string;
  ledger: string;
  lineCount: number;
  ignoredColumns: string[];
  counts: Record<string, number>;
}

export interface CheckAnswer extends CheckRecord {
  breaks: Break[];
}

export interface Preview {
  lineCount: number;
  decimalSign?: string;
  ignoredColumns: string[];
  lines: ({ line: number; balanceAmount: string } & Position)[];
}

export const BREAKS = {
  'only-in-ledger': { en: 'Only in the ledger', tr: 'Yalnız defterde' },
  'only-at-mks': { en: 'Only at MKS', tr: 'Yalnız MKS’de' },
  different: { en: 'Different', tr: 'Farklı' },
} satisfies Record<string, Localised>;

/** By rule; where none holds there is none. */
export const CAUSES = {
  'sub-account': {
    en: 'Another sub-account: the differences of the account cancel out',
    tr: 'Başka alt hesap: hesabın farkları birbirini götürüyor',
  },
  account: {
    en: 'Another account: the differences of the ISIN cancel out',
    tr: 'Başka hesap: ISIN’in farkları birbirini götürüyor',
  },
  ratio: {
    en: 'One ratio in all breaks of the ISIN: a corporate action',
    tr: 'ISIN’in bütün farklarında aynı oran: hak kullanımı',
  },
  'unknown-account': {
    en: 'An account that the other side does not know',
    tr: 'Karşı tarafta bilinmeyen hesap',
  },
} satisfies Record<string, Localised>;

export const COUNTS = {
  matched: { en: 'Agree', tr: 'Uyuşan' },
  different: { en: 'Different', tr: 'Farklı' },
  onlyInLedger: { en: 'Only in the ledger', tr: 'Yalnız defterde' },
  onlyAtMks: { en: 'Only at MKS', tr: 'Yalnız MKS’de' },
  withinTolerance: { en: 'Within the tolerance', tr: 'Tolerans içinde' },
  new: { en: 'New breaks', tr: 'Yeni fark' },
  closed: { en: 'Closed since the last check', tr: 'Son kontrolden beri kapanan' },
} satisfies Record<string, Localised>;

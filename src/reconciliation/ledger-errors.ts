/** What keeps a ledger from being read, each told with its line. */
import type { Localised } from '../lib/localised.ts';

/** No more are told of one ledger. */
export const BAD_LINES_MAX = 100;

const FAULTS = {
  empty: { en: 'there is no header', tr: 'başlık satırı yok' },
  'column-missing': {
    en: 'the header lacks a column: {detail}',
    tr: 'başlıkta eksik kolon: {detail}',
  },
  'column-twice': {
    en: 'two columns of the header mean {detail}',
    tr: 'başlıkta iki kolon {detail} anlamına geliyor',
  },
  encoding: {
    en: 'from here on the text is neither UTF-8 nor windows-1254 throughout',
    tr: 'bundan sonra metin baştan sona ne UTF-8 ne windows-1254',
  },
  quotes: {
    en: 'a quoted cell does not end as one must; nothing after it can be read',
    tr: 'tırnaklı bir hücre gerektiği gibi bitmiyor; sonrası okunamaz',
  },
  'too-long': { en: 'the line is too long', tr: 'satır çok uzun' },
  cells: {
    en: 'has another number of cells than the header: {detail}',
    tr: 'hücre sayısı başlıktakinden farklı: {detail}',
  },
  'no-amount': { en: 'has no balance', tr: 'bakiye yok' },
  'not-a-number': { en: 'the balance is not a number', tr: 'bakiye bir sayı değil' },
  exponent: {
    en: 'the balance is written with an exponent (1.5E+07), which hides digits: it has to be written out',
    tr: 'bakiye üslü yazılmış (1,5E+07), bu da basamakları gizler: açık yazılmalı',
  },
  'other-sign': {
    en: 'the balance contradicts the decimal sign of line {detail}',
    tr: 'bakiyenin ondalık ayracı şu satırla çelişiyor: {detail}',
  },
  zip: {
    en: 'the archive cannot be read: {detail}',
    tr: 'arşiv okunamıyor: {detail}',
  },
  'zip-password': {
    en: 'does not open the archive',
    tr: 'arşivi açmıyor',
  },
  'zip-not-csv': {
    en: 'the file in the archive is not csv',
    tr: 'arşivdeki dosya csv değil',
  },
  'two-ways': {
    en: 'the balance can be read in two ways, and no line of the ledger tells which',
    tr: 'bakiye iki türlü okunabilir ve defterin hiçbir satırı hangisi olduğunu söylemiyor',
  },
} as const satisfies Record<string, Localised>;

export interface BadLine {
  /** As an editor counts it, the header's is 1; 0 where the fault is no line's. */
  line: number;
  fault: keyof typeof FAULTS;
  /** For `{detail}`: never a value of the ledger. */
  detail?: string;
}

/** The ledger cannot be read; nothing of it was used. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
  readonly badLines: readonly BadLine[];

  constructor(badLines: readonly BadLine[]) {
    super('the ledger cannot be read');
    this.badLines = badLines;
  }

  /** In the form of a problem's `errors`. */
  get errors(): { path: string; message: Localised }[] {
    return this.badLines.map(({ line, fault, detail = '' }) => {
      const { en, tr } = FAULTS[fault];
      const message = { en: en.replace('{detail}', detail), tr: tr.replace('{detail}', detail) };
      return { path: fault === 'zip-password' ? 'Ledger-Password' : pathOf(line), message };
    });
  }
}

function pathOf(line: number): string {
  return line === 0 ? '' : `line ${line}`;
}

/** The ledger has more bytes or lines than are taken. */
export class LedgerTooLargeError extends Error {
  override readonly name = 'LedgerTooLargeError';

  constructor() {
    super('the ledger is too large');
  }
}

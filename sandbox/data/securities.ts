/** The securities and texts that made-up balances draw from. */

export interface Security {
  isin: string;
  secClass: string;
  secType: string;
  mic: string;
}

const LISTED: [secClass: string, secType: string, mic: string, isins: string][] = [
  ['HS', 'HS', 'XIST', 'TRAGARAN91N1 TRATHYAO91M5 TRAAKBNK91N6 TRAEREGL91G3 TRAKCHOL91Q8'],
  ['HS', 'HS', 'XIST', 'TRATUPRS91E8 TRAISCTR91N2 TRAASELS91H2 TREBIMM00018 TRASAHOL91Q5'],
  ['HS', 'RH', 'XIST', 'TRRSISE00017 TRRPETK00019'],
  ['YF', 'BYF', 'XIST', 'TRYFNBK00014 TRYISMD00029'],
  ['YF', 'YF', '', 'TRYAKBK00045 TRYTEBP00038 TRYYKBK00121'],
  ['DT', 'DT', 'XIST', 'TRT061228T16 TRT131130T14'],
  ['DT', 'HB', 'XIST', 'TRB150726T13'],
  ['OT', 'FB', 'XIST', 'TRFGARA72618 TRFAKBK82615'],
  ['KS', 'KS', '', 'TRDZKVK92610'],
  ['VR', 'VR', 'XIST', 'TRWISYM12345'],
];

export const SECURITIES: readonly Security[] = LISTED.flatMap(([secClass, secType, mic, isins]) =>
  isins.split(' ').map((isin) => ({ isin, secClass, secType, mic })),
);

export const SUB_ACCOUNTS = [
  'SERB',
  'SERB',
  'SERB',
  'SERB',
  'DEPO',
  'TEMI',
  'REHN',
  'BLKE',
] as const;
export const ACCOUNT_CLASSES = ['MUS', 'PRT', 'FON'] as const;
export const PORTFOLIOS = ['P1', 'P2', 'P3', 'P4', 'P5'] as const;

/** Safe in a CSV without quotes. */
export const PLAIN_TEXTS = [
  ...[
    '',
    '',
    '',
    '',
    'E',
    'BEDELLİ',
    'RÜÇHAN HAKKI',
    'İHRAÇ ŞARTLI',
    'ığdır çağrı öşğü',
    'TERTİP 2',
  ],
] as const;

/** They need quotes in a CSV and escapes in JSON. */
export const AWKWARD_TEXTS = [
  ...PLAIN_TEXTS,
  ...['GEÇİCİ; ŞERHLİ', 'A "ÖZEL" B', 'a,b|c', 'satır\nsonu', 'C:\\yol\t{[x]}'],
] as const;

/** The first rows bear these amounts, so that small reports have them too. */
export const AWKWARD_AMOUNTS = [
  ...['12345678901234567.123', '1.10', '100000000000000000000', '0', '-250.75', '0.000001'],
  ...['1234567.89', '0.10', '999999999999.999999', '1000', '9007199254740993', '7.00'],
] as const;

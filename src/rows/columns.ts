/** The nine fields of a balance row, in MKS's order, under both of their names (MKS 5.1.6). */

/** In JSON files. */
export const FIELD_NAMES = [
  'balanceDate',
  'mbrId',
  'mbrAccNo',
  'subAccCode',
  'secClassCode',
  'mic',
  'isin',
  'addDefCode',
  'balanceAmount',
] as const;

/** In CSV files. */
export const COLUMN_NAMES = [
  'BAKIYE_TARIHI',
  'UYE',
  'HESAP',
  'ALT_HESAP',
  'KIYMET_SINIFI',
  'MIC',
  'ISIN',
  'EK_TANIM',
  'BAKIYE',
] as const;

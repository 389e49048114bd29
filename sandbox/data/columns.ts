/** The fields of a balance row in the files' order (MKS 5.1.6). */

/** JSON name → CSV column. */
export const COLUMNS = {
  balanceDate: 'BAKIYE_TARIHI',
  mbrId: 'UYE',
  mbrAccNo: 'HESAP',
  subAccCode: 'ALT_HESAP',
  secClassCode: 'KIYMET_SINIFI',
  mic: 'MIC',
  isin: 'ISIN',
  addDefCode: 'EK_TANIM',
  balanceAmount: 'BAKIYE',
} as const;

/** One row: nine texts; the amount is a plain decimal with `.`. */
export type Row = Readonly<Record<keyof typeof COLUMNS, string>>;

export const ROW_FIELDS = Object.keys(COLUMNS) as (keyof Row)[];

/** A column of a CSV: what it is called, and the field that it holds; one without a field holds a remark. */
export interface CsvColumn {
  name: string;
  field: keyof Row | undefined;
}

/** Those of a report's file. */
export const CSV_COLUMNS: readonly CsvColumn[] = ROW_FIELDS.map((field) => ({
  name: COLUMNS[field],
  field,
}));

/** What a ledger is ordered with: its day, its breaks, its columns, and how it is written. */
import { COLUMNS, type CsvColumn, ROW_FIELDS, type Row } from '../data/columns.ts';
import type { Filters } from '../data/rows.ts';
import { isObject, type JsonObject } from '../json.ts';
import { DEFAULT_SHAPE, mergeShape, type Shape } from '../shape.ts';

/** The kinds of breaks that can be made, each with how many positions of it break. */
export const CASES = [
  /** A balance that MKS has in none of the account's sub-accounts: 1. */
  'only-in-ledger',
  /** A balance that the ledger lacks: 1. */
  'only-at-mks',
  /** Another amount: 1. */
  'different',
  /** Half of a balance stands in another sub-account of the account: 2. */
  'sub-account',
  /** Half of a balance stands in another account: 2. */
  'account',
  /** The ledger does not know of a split 1 to 2: every holder of the ISIN. */
  'ratio',
  /** An account that MKS does not know: 1. */
  'unknown-account',
] as const;
export type CaseName = (typeof CASES)[number];

export interface LedgerOrder {
  processDate: string;
  filters: Filters;
  /** How often each case is made. */
  breaks: Readonly<Record<CaseName, number>>;
  columns: readonly CsvColumn[];
  /** Each balance in two lines. */
  lots: boolean;
  shape: Shape;
}

type Names = Readonly<Record<keyof Row, string>>;

const HEADERS: Readonly<Record<string, Names>> = {
  mks: COLUMNS,
  json: Object.fromEntries(ROW_FIELDS.map((field) => [field, field])) as Names,
  turkish: {
    balanceDate: 'Bakiye Tarihi',
    mbrId: 'Üye',
    mbrAccNo: 'Hesap',
    subAccCode: 'Alt Hesap',
    secClassCode: 'Kıymet Sınıfı',
    mic: 'MIC',
    isin: 'ISIN',
    addDefCode: 'Ek Tanım',
    balanceAmount: 'Bakiye',
  },
};
const NEEDED: readonly (keyof Row)[] = ['mbrAccNo', 'subAccCode', 'isin', 'balanceAmount'];
// prettier-ignore
const SHAPE_FIELDS = [
  'bom', 'csvDelimiter', 'csvQuotes', 'csvLineEnd', 'csvCharset', 'csvDecimal', 'csvGrouping',
];
// prettier-ignore
const FILTERS = [
  'subAccNo', 'isin', 'secClass', 'secType', 'accClass', 'portfolioCode', 'accNo',
];

/** @param body of the request. @throws RangeError for what makes no sense. */
export function readOrder(body: JsonObject): LedgerOrder {
  const { processDate, filters = {}, breaks, columns, headers = 'mks', lots = false } = body;
  const known = ['member', 'processDate', 'filters', 'breaks', 'columns', 'headers', 'lots'];
  const unknown = Object.keys(body).find((name) => ![...known, ...SHAPE_FIELDS].includes(name));
  if (unknown !== undefined) throw new RangeError(`unknown field ${unknown}`);
  if (typeof processDate !== 'string' || !/^\d{8}$/.test(processDate)) {
    throw new RangeError('processDate must be a day, YYYYMMDD');
  }
  if (typeof lots !== 'boolean') throw new RangeError('lots must be true or false');
  const changes = Object.entries(body).filter(([name]) => SHAPE_FIELDS.includes(name));
  const shape = mergeShape(DEFAULT_SHAPE, Object.fromEntries(changes));
  if (shape.csvQuotes === 'never') throw new RangeError('a ledger needs quotes');
  return {
    processDate,
    filters: readFilters(filters),
    breaks: readBreaks(breaks),
    columns: readColumns(columns, String(headers)),
    lots,
    shape,
  };
}

function readFilters(filters: unknown): Filters {
  const isGood =
    isObject(filters) &&
    Object.entries(filters).every(
      ([name, value]) => FILTERS.includes(name) && typeof value === 'string',
    );
  if (!isGood) throw new RangeError(`filters are texts: ${FILTERS.join(', ')}`);
  return filters;
}

/** One of each, unless told. */
function readBreaks(breaks: unknown): LedgerOrder['breaks'] {
  const asked = breaks ?? Object.fromEntries(CASES.map((name) => [name, 1]));
  if (!isObject(asked)) throw new RangeError('breaks is an object of counts');
  for (const [name, count] of Object.entries(asked)) {
    if (!CASES.some((each) => each === name)) throw new RangeError(`unknown break ${name}`);
    if (!Number.isSafeInteger(count) || Number(count) < 0) {
      throw new RangeError(`${name} must be a whole number`);
    }
  }
  return Object.fromEntries(
    CASES.map((name) => [name, Number(asked[name] ?? 0)]),
  ) as LedgerOrder['breaks'];
}

/** Those of a position and the amount, unless told; in their order. */
function readColumns(columns: unknown, headers: string): CsvColumn[] {
  const names = HEADERS[headers];
  if (names === undefined) throw new RangeError(`headers: ${Object.keys(HEADERS).join(', ')}`);
  const asked: unknown = columns ?? ROW_FIELDS.slice(2);
  if (!Array.isArray(asked) || !asked.every((name) => typeof name === 'string')) {
    throw new RangeError('columns is a list of names');
  }
  const read = asked.map((name): CsvColumn => {
    const field = ROW_FIELDS.find((each) => each === name);
    return { name: field === undefined ? name : names[field], field };
  });
  const missing = NEEDED.filter((field) => !read.some((column) => column.field === field));
  if (missing.length > 0) throw new RangeError(`columns lack ${missing.join(', ')}`);
  return read;
}

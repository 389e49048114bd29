/** Random pairs of reports, and of a ledger and a report, that differ as real ones do and as unreal ones may. */
import { ROW_FIELDS, type CsvColumn, type Row } from '../../../sandbox/data/columns.ts';
import { DEFAULT_SHAPE, mergeShape, type Shape } from '../../../sandbox/shape.ts';
import { createRandom, type Random } from '../random.ts';
import { placesOf, randomAmount, textOf, unitsOf } from './amounts.ts';

export const POSITION = ROW_FIELDS.slice(2, 8);

export interface Report {
  rows: Row[];
  fileType: 'json' | 'csv';
  shape: Shape;
}

export interface Pair {
  seed: number;
  before: Report;
  after: Report;
  /** Against `after`. */
  ledger: { lines: Row[]; columns: CsvColumn[]; shape: Shape };
  /** A decimal number. */
  tolerance: string | undefined;
  /** So many rows are said to be there: more than there are make more shelves. */
  toldRowCount: number;
}

/** What windows-1254 has too; the second list is free of what needs quotes. */
const TEXTS = ['', '', 'E', 'BEDELLİ', 'ığdır çağrı öşğü', 'A "ÖZEL" B', 'a,b;c\td|e', 'satır\nsonu', ' x', 'C:\\yol']; // prettier-ignore
const ACCOUNTS = [
  '1',
  '2',
  '0012',
  '12',
  '1001',
  '90000000001',
  'ŞAHİN',
  'A"1',
  '7;7',
  '1e5',
  '-3',
];
const ISINS = ['TRAGARAN91N1', 'TRATHYAO91M5', 'TRT061228T16', 'TRĞ', 'TRYAKBK00045'];

/** The same for the same seed. */
export function createPair(seed: number): Pair {
  const random = createRandom(seed);
  const size = random.pick([0, 1, 5, 20, 60, 200]);
  const before = Array.from({ length: size }, () => randomRow(random));
  const after = random.chance(0.1) ? before : vary(random, before);
  return {
    seed,
    before: reportOf(random, before),
    after: reportOf(random, after),
    ledger: {
      lines: settled(random.shuffled(vary(random, after))),
      columns: randomColumns(random),
      shape: randomShape(random),
    },
    tolerance: random.pick([undefined, undefined, '0', '0.01', '10', '0.00000000000000000001']),
    toldRowCount: random.pick([size, 100_000, 1_000_000]),
  };
}

function reportOf(random: Random, rows: Row[]): Report {
  const shape = randomShape(random);
  // MKS has a code for no data; an object without rows says nothing of what it lacks.
  const jsonRoot = rows.length === 0 ? 'array' : shape.jsonRoot;
  const fileType = random.pick(['json', 'csv'] as const);
  return { rows: settled(rows), fileType, shape: { ...shape, jsonRoot } };
}

/** A last amount that can be read in one way only, so that no file is refused as ambiguous. */
function settled(rows: readonly Row[]): Row[] {
  if (rows.length === 0) return [];
  return [...rows, { ...(rows[0] as Row), balanceAmount: '0.5' }];
}

function randomRow(random: Random): Row {
  return {
    balanceDate: '20250505',
    mbrId: 'TIB',
    mbrAccNo: random.pick(ACCOUNTS),
    subAccCode: random.pick(['SERB', 'BLKE', '']),
    secClassCode: random.pick(['HS', 'HS', 'YF']),
    mic: random.pick(['XIST', '']),
    isin: random.pick(ISINS),
    addDefCode: random.pick(random.chance(0.7) ? [''] : TEXTS),
    balanceAmount: randomAmount(random),
  };
}

/** Rows that are gone, others, moved, split over several, and a security in another ratio. */
function vary(random: Random, rows: readonly Row[]): Row[] {
  const ratio = random.chance(0.7) ? random.pick(ISINS) : undefined;
  const factor = random.pick([20n, 5n, 100n, 30n, -10n]);
  const change = random.pick([0, 0, 0.05, 0.3]);
  const varied = rows.flatMap((row) => {
    const scaled =
      row.isin === ratio ? withUnits(row, (unitsOf(row.balanceAmount) * factor) / 10n, 1) : row;
    return random.chance(change) ? varyRow(random, scaled) : [scaled];
  });
  const others = Array.from({ length: random.below(1 + rows.length / 10) }, () =>
    randomRow(random),
  );
  return [...varied, ...others, ...swap(random, rows)];
}

function varyRow(random: Random, row: Row): Row[] {
  const units = unitsOf(row.balanceAmount);
  const part = unitsOf(random.pick(['1', '10', '0.5', '3']));
  const taken = withUnits(row, units - part, 1);
  const moved = withUnits(row, part, 1);
  switch (random.below(7)) {
    case 0:
      return [];
    case 1:
      return [{ ...row, balanceAmount: randomAmount(random) }];
    case 2:
      return [taken, moved];
    case 3:
      return [taken, { ...moved, subAccCode: random.pick(['SERB', 'BLKE', 'TEMI']) }];
    case 4:
      return [taken, { ...moved, mbrAccNo: random.pick(ACCOUNTS) }];
    case 5:
      return [withUnits(row, units + unitsOf('0.004'), 3)];
    default:
      return [{ ...row, mbrAccNo: random.pick(['77', 'YENİ', '']) }];
  }
}

/** Two of one security of which one has what the other lacks. */
function swap(random: Random, rows: readonly Row[]): Row[] {
  const row = rows[random.below(rows.length)];
  if (row === undefined || random.chance(0.5)) return [];
  const amount = random.pick(['5', '0.25', '7']);
  const other = random.chance(0.5) ? { subAccCode: 'REHN' } : { mbrAccNo: random.pick(ACCOUNTS) };
  return [
    { ...row, balanceAmount: amount },
    { ...row, ...other, balanceAmount: `-${amount}` },
  ];
}

function withUnits(row: Row, units: bigint, morePlaces: number): Row {
  const places = Math.max(placesOf(row.balanceAmount) + 1, morePlaces);
  return { ...row, balanceAmount: textOf(units, places) };
}

function randomShape(random: Random): Shape {
  const csvCharset = random.pick(['utf-8', 'utf-8', 'windows-1254']);
  return mergeShape(DEFAULT_SHAPE, {
    bom: csvCharset === 'utf-8' && random.chance(0.3),
    csvCharset,
    csvDelimiter: random.pick([';', ',', 'tab']),
    csvQuotes: random.pick(['needed', 'always']),
    csvLineEnd: random.pick(['crlf', 'lf']),
    csvDecimal: random.pick([',', '.']),
    csvGrouping: random.chance(0.3),
    jsonRoot: random.pick(['array', 'object']),
    jsonPretty: random.chance(0.3),
    jsonEscapes: random.chance(0.3),
    jsonAmounts: random.pick(['number', 'string']),
    jsonEmpty: random.pick(['text', 'null', 'absent']),
  });
}

type Names = Partial<Record<keyof Row, readonly string[]>>;
/** As people write them. */
const NAMES: Names = {
  mbrAccNo: ['HESAP', 'mbrAccNo', 'Hesap', ' hesap '],
  subAccCode: ['ALT_HESAP', 'subAccCode', 'Alt Hesap', 'alt-hesap'],
  secClassCode: ['KIYMET_SINIFI', 'secClassCode', 'Kıymet Sınıfı', 'kiymet sinifi'],
  mic: ['MIC', 'mic', 'Mıc'],
  isin: ['ISIN', 'isin', 'İsin'],
  addDefCode: ['EK_TANIM', 'addDefCode', 'Ek Tanım', 'EK-TANIM'],
  balanceAmount: ['BAKIYE', 'balanceAmount', 'Bakiye', 'BAKİYE'],
};

/** In any order; those that a ledger may lack, or have besides, by chance. */
function randomColumns(random: Random): CsvColumn[] {
  const fields = ['mbrAccNo', 'subAccCode', 'isin', 'balanceAmount'] as const;
  const further = (['secClassCode', 'mic', 'addDefCode'] as const).filter(() => random.chance(0.6));
  const columns = [...fields, ...further].map((field): CsvColumn => {
    return { name: random.pick(NAMES[field] ?? [field]), field };
  });
  const ignored = ['NOT', 'balanceDate', 'Tarih (işlem)'].filter(() => random.chance(0.2));
  return random.shuffled([...columns, ...ignored.map((name) => ({ name, field: undefined }))]);
}

/** What LibreOffice, with Turkish settings, and openpyxl make of a file with rows. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { COLUMN_NAMES, FIELD_NAMES } from '../../src/rows/columns.ts';
import { lackOf, lackOfPackage } from './debian.ts';

type Row = Readonly<Record<(typeof FIELD_NAMES)[number], string>>;

/** `;`, quotes, UTF-8, Turkish, special numbers and dates looked for as Excel does, formulas run. */
const CSV_FILTER = 'CSV:59,34,76,1,,1055,false,true,false,false,false,-1,true,true';
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  csv: [`--infilter=${CSV_FILTER}`],
  xlsx: [],
};
/** The one that Debian's python3-openpyxl is for. */
const PYTHON = '/usr/bin/python3';
const COMPARE = join(import.meta.dirname, 'compare_workbook.py');

/** Why the two cannot be had, 400 MB of packages; undefined where they are there. */
export function lackOfSpreadsheets(): string | undefined {
  return (
    lackOf('soffice', 'libreoffice-calc') ??
    lackOfPackage('python3-openpyxl', PYTHON, ['-c', 'import openpyxl'])
  );
}

/** As LibreOffice tells it: "LibreOffice 7.4.7.2 …". */
export function libreOfficeVersion(): string {
  const { stdout } = spawnSync('soffice', ['--version'], { encoding: 'utf8' });
  return /^LibreOffice [\d.]+/.exec(stdout)?.[0] ?? 'LibreOffice';
}

/** @param path of a .csv or .xlsx file in a folder of its own. @returns what it changed, a line a cell. */
export function changedByLibreOffice(path: string, rows: readonly Row[]): string[] {
  const read = cellsOf(path, OPTIONS[path.replace(/^.*\./, '')] ?? []);
  const head = read[0]?.join() === COLUMN_NAMES.join() ? [] : [`head: ${read[0]?.join()}`];
  const cells = rows.flatMap((row, at) =>
    FIELD_NAMES.map((name, column) => {
      const is = read[at + 1]?.[column];
      return isSame(row[name], is, name === 'balanceAmount')
        ? ''
        : `row ${at + 1} ${name}: ${JSON.stringify(row[name])} became ${JSON.stringify(is)}`;
    }),
  );
  return [...head, ...cells.filter((text) => text !== '')];
}

/** The same for a workbook, by openpyxl. */
export function changedByOpenpyxl(path: string, rows: readonly Row[]): string[] {
  const list = join(dirname(path), 'rows.json');
  writeFileSync(list, JSON.stringify(rows));
  const result = spawnSync(PYTHON, [COMPARE, path, list], { encoding: 'utf8' });
  if (result.status === 0) return [];
  return [...result.stdout.trim().split('\n'), result.stderr].filter((line) => line !== '');
}

/** The values as LibreOffice holds them after opening, from its own flat XML. */
function cellsOf(path: string, options: readonly string[]): string[][] {
  const folder = dirname(path);
  const result = spawnSync(
    'soffice',
    [
      `-env:UserInstallation=file://${join(folder, 'profile')}`,
      '--headless',
      ...options,
      '--convert-to',
      'fods',
      '--outdir',
      folder,
      path,
    ],
    { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C.UTF-8' } },
  );
  if (result.status !== 0) throw new Error(result.stderr);
  const xml = readFileSync(path.replace(/\.\w+$/, '.fods'), 'utf8');
  const tables = xml.split('<office:body>')[1] ?? '';
  return [...tables.matchAll(/<table:table-row\b[^>]*?>(.*?)<\/table:table-row>/gs)]
    .map(([, row = '']) => cellsOfRow(row))
    .filter((cells) => cells.length > 0);
}

function cellsOfRow(row: string): string[] {
  const cells: string[] = [];
  for (const [, attributes = '', , content = ''] of row.matchAll(
    /<table:table-cell\b([^>]*?)(\/>|>(.*?)<\/table:table-cell>)/gs,
  )) {
    const repeated = Number(/number-columns-repeated="(\d+)"/.exec(attributes)?.[1] ?? 1);
    const count = Math.min(repeated, FIELD_NAMES.length - cells.length);
    cells.push(...Array.from({ length: count }, () => valueOf(attributes, content)));
  }
  return cells;
}

function valueOf(attributes: string, content: string): string {
  const type = /office:value-type="([a-z]+)"/.exec(attributes)?.[1];
  if (type === undefined) return '';
  if (type === 'float') return `number ${/office:value="([^"]*)"/.exec(attributes)?.[1]}`;
  if (type !== 'string') return `${type} ${attributes}`;
  const stringValue = /office:string-value="([^"]*)"/.exec(attributes)?.[1];
  if (stringValue !== undefined) return unescaped(stringValue);
  const paragraphs = [...content.matchAll(/<text:p(?:\/>|[^>]*>(.*?)<\/text:p>)/gs)];
  const text = paragraphs
    .map(([, paragraph = '']) => paragraph)
    .join('\n')
    .replaceAll(/<text:s(?: text:c="(\d+)")?\/>/g, (_, n?: string) => ' '.repeat(Number(n ?? 1)))
    .replaceAll('<text:tab/>', '\t')
    .replaceAll('<text:line-break/>', '\n');
  return unescaped(text.replaceAll(/<[^>]*>/g, ''));
}

function unescaped(xml: string): string {
  const names: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return xml.replaceAll(/&(#x?)?(\w+);/g, (_, number: string | undefined, name: string) => {
    if (number === undefined) return names[name] ?? '';
    return String.fromCodePoint(Number.parseInt(name, number === '#x' ? 16 : 10));
  });
}

/** A text that is a number has to be it digit by digit; an amount may lose zeros at its end. */
function isSame(wanted: string, is: string | undefined, isAmount: boolean): boolean {
  if (is === wanted || (isAmount && is === wanted.replace('.', ','))) return true;
  if (is?.startsWith('number ') !== true) return false;
  const number = is.slice('number '.length);
  return isAmount ? plain(number) === plain(wanted) : number === wanted;
}

/** One notation for one value: digits without what does not count, and the place of the point. */
function plain(number: string): string {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(number);
  if (parts === null) return number;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts;
  const digits = (whole + fraction).replace(/0+$/, '');
  const zeros = /^0*/.exec(digits)?.[0].length ?? 0;
  return `${sign}${digits.slice(zeros)} ${digits === '' ? 0 : whole.length - zeros + Number(exponent)}`;
}

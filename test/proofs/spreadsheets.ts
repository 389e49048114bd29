/**
 * What LibreOffice, with Turkish settings, makes of csv-excel and of XLSX, cell by cell: `npm run proof:spreadsheets`.
 *
 * It needs LibreOffice Calc (`soffice`) and openpyxl, which take a minute and 400 MB to install, so `npm test` proves the
 * same by readers that come by npm. Says so, and exits with 2, where there is none; with 1 where a cell differs.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COLUMN_NAMES, FIELD_NAMES } from '../../src/rows/columns.ts';
import { findFormat } from '../../src/rows/formats/index.ts';
import { hostileRows } from '../support/spreadsheet-cells.ts';

const RANDOM_ROWS = 5_000;
/** `;`, quotes, UTF-8, Turkish, special numbers and dates looked for as Excel does, formulas run. */
const CSV_FILTER = 'CSV:59,34,76,1,,1055,false,true,false,false,false,-1,true,true';
const FILTERS: Record<string, string[]> = { 'csv-excel': [`--infilter=${CSV_FILTER}`], xlsx: [] };

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const rows = hostileRows(RANDOM_ROWS, seed);
const folder = mkdtempSync(join(tmpdir(), 'spreadsheets-'));
try {
  process.exitCode = await proveAll();
} finally {
  rmSync(folder, { recursive: true });
}

async function proveAll(): Promise<number> {
  const version = spawnSync('soffice', ['--version'], { encoding: 'utf8' });
  if (version.error !== undefined) {
    console.error(
      'soffice was not found: install libreoffice-calc and python3-openpyxl. Nothing was proved.',
    );
    return 2;
  }
  console.log(`${version.stdout.trim()}, ${rows.length} rows, SEED=${seed}`);
  let wrong = 0;
  for (const name of Object.keys(FILTERS)) {
    if (findFormat(name) === undefined) continue;
    const differences = compare(cellsOf(await written(name), FILTERS[name] ?? []));
    wrong += differences.length;
    console.log(
      `${name}: ${rows.length * FIELD_NAMES.length} cells, ${differences.length} changed`,
    );
    for (const difference of differences.slice(0, 20)) console.log(`  ${difference}`);
  }
  return wrong === 0 ? proveByOpenpyxl() : 1;
}

/** PYTHON names one that has openpyxl (Debian's python3-openpyxl is for /usr/bin/python3). */
function proveByOpenpyxl(): number {
  const list = join(folder, 'rows.json');
  writeFileSync(list, JSON.stringify(rows));
  const script = join(import.meta.dirname, 'compare_workbook.py');
  const python = process.env['PYTHON'] ?? '/usr/bin/python3';
  const result = spawnSync(python, [script, join(folder, 'xlsx.xlsx'), list], { encoding: 'utf8' });
  console.log(`${result.stdout ?? ''}${result.stderr ?? ''}`.trim());
  return result.status ?? 2;
}

async function written(name: string): Promise<string> {
  const format = findFormat(name);
  if (format === undefined) throw new RangeError(name);
  const lines = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const document = format.write(
    { id: 'r', member: 'TIB', processDate: '20250505' },
    {
      rowCount: rows.length,
      async *lines() {
        yield lines;
      },
    },
  );
  const path = join(folder, `${name}.${format.extension}`);
  writeFileSync(path, Buffer.concat(await Array.fromAsync(document)));
  return path;
}

/** The values as LibreOffice holds them after opening, from its own flat XML. */
function cellsOf(path: string, options: string[]): string[][] {
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

function compare(read: string[][]): string[] {
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

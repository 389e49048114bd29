/**
 * Promise 21: awkward cells, written in each format that changes hands with another program, and read back by that one.
 * LibreOffice Calc and openpyxl take a minute and 400 MB to install, so `npm test` has readers that come by npm.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FIELD_NAMES } from '../../src/rows/columns.ts';
import { findFormat } from '../../src/rows/formats/index.ts';
import { rowsOf } from '../support/desk.ts';
import {
  changedByLibreOffice,
  changedByOpenpyxl,
  lackOfSpreadsheets,
  libreOfficeVersion,
} from '../support/libreoffice.ts';
import { inDecimals, parquetBack } from '../support/parquet-back.ts';
import { hostileRows } from '../support/spreadsheet-cells.ts';
import type { Outcome, Proof } from './proof.ts';

const RANDOM_ROWS = 11_100;

export const proof: Proof = {
  number: 21,
  promise: 'a format changes no digit',
  small: [
    'test/rows/formats/csv-excel.test.ts',
    'test/rows/formats/xlsx.test.ts',
    'test/rows/formats/parquet.test.ts',
  ],
  prove,
};

type Rows = ReturnType<typeof hostileRows>;

async function prove(seed: number): Promise<Outcome> {
  const lack = lackOfSpreadsheets();
  if (lack !== undefined) throw new Error(lack);
  const rows = hostileRows(RANDOM_ROWS, seed);
  const folder = mkdtempSync(join(tmpdir(), 'formats-'));
  try {
    const csv = await written('csv-excel', rows, folder);
    const xlsx = await written('xlsx', rows, folder);
    const changed: Record<string, string[]> = {
      'csv-excel': changedByLibreOffice(csv, rows),
      xlsx: changedByLibreOffice(xlsx, rows),
      'xlsx by openpyxl': changedByOpenpyxl(xlsx, rows),
      parquet: await changedByDuckDb(rows),
    };
    for (const lines of Object.values(changed)) {
      for (const line of lines.slice(0, 20)) console.error(line);
    }
    const cells = (rows.length * FIELD_NAMES.length).toLocaleString('en');
    return {
      done:
        `${cells} awkward cells in csv-excel and xlsx, read back by ${libreOfficeVersion()} (tr) and xlsx by openpyxl; ` +
        'in parquet, as text and as decimals, by DuckDB',
      figure: Object.entries(changed)
        .map(([name, lines]) => `${name}: ${lines.length} changed`)
        .join(', '),
      met: Object.values(changed).every((lines) => lines.length === 0),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function written(name: string, rows: Rows, folder: string): Promise<string> {
  const format = findFormat(name);
  if (format === undefined) throw new RangeError(name);
  const lines = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  const document = format.write(
    { id: 'r', member: 'TIB', processDate: '20250505' },
    rowsOf([lines], rows.length),
  );
  const path = join(folder, `${name}.${format.extension}`);
  writeFileSync(path, Buffer.concat(await Array.fromAsync(document)));
  return path;
}

/** A single amount that fits no decimal leaves out that column, so those that do are read once more. */
async function changedByDuckDb(rows: Rows): Promise<string[]> {
  const fitting = rows.filter(({ balanceAmount }) =>
    /^-?\d{1,20}(?:\.\d{1,18})?$/.test(balanceAmount),
  );
  const all = await parquetBack(rows);
  const decimals = await parquetBack(fitting);
  return [
    ...differing(all.rows, rows),
    ...differing(
      decimals.rows,
      fitting.map((row) => ({ ...row, balanceAmountDecimal: inDecimals(row.balanceAmount) })),
    ),
  ];
}

function differing(
  read: readonly Record<string, string>[],
  expected: readonly Readonly<Record<string, string>>[],
): string[] {
  return expected.flatMap((row, at) =>
    Object.entries(row).flatMap(([name, value]) => {
      const is = read[at]?.[name];
      return is === value ? [] : [`parquet row ${at + 1} ${name}: ${value} became ${String(is)}`];
    }),
  );
}

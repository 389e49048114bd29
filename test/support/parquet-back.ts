/** Parquet as another program reads it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { parquet } from '../../src/rows/formats/parquet.ts';
import { rowsOf } from './desk.ts';
import { temporaryFolder } from './folder.ts';

type Row = Record<string, string>;

export interface Read {
  columns: Record<string, string>;
  rows: Row[];
  groups: number;
  /** The least and the largest decimal as the directory tells them, of the first group. */
  bounds: Row | undefined;
}

/** Rows written as Parquet and read back by DuckDB, every column as text. */
export async function parquetBack(rows: readonly Row[]): Promise<Read> {
  const document = parquet.write(
    { id: 'r', member: 'TIB', processDate: '20250505' },
    rowsOf(piecesOf(rows), rows.length),
  );
  const path = join(await temporaryFolder(), 'rows.parquet');
  await writeFile(path, Buffer.concat(await Array.fromAsync(document)));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const ask = async (sql: string): Promise<Row[]> =>
    (await connection.runAndReadAll(sql)).getRowObjectsJson() as Row[];
  try {
    const described = await ask(`DESCRIBE SELECT * FROM '${path}'`);
    const columns = described.map((one) => [one['column_name'] ?? '', one['column_type'] ?? '']);
    const groups = await ask(
      `SELECT count(DISTINCT row_group_id)::VARCHAR AS n FROM parquet_metadata('${path}')`,
    );
    const [bounds] = await ask(
      `SELECT stats_min_value AS least, stats_max_value AS most FROM parquet_metadata('${path}')
       WHERE path_in_schema = 'balanceAmountDecimal' ORDER BY row_group_id`,
    );
    return {
      bounds,
      columns: Object.fromEntries(columns) as Record<string, string>,
      rows: await ask(`SELECT COLUMNS(*)::VARCHAR FROM read_parquet('${path}')`),
      groups: Number(groups[0]?.['n']),
    };
  } finally {
    connection.closeSync();
  }
}

function* piecesOf(rows: readonly Row[]): Generator<string> {
  for (let at = 0; at < rows.length; at += 3_000) {
    const lines = rows.slice(at, at + 3_000).map((row) => `${JSON.stringify(row)}\n`);
    yield lines.join('');
  }
}

/** An amount as a `DECIMAL(38,18)` is told: no leading zeros, and no sign before nothing. */
export function inDecimals(amount: string): string {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)0*(\d+?)(?:\.(\d+))?$/.exec(amount) ?? [];
  const digits = `${whole}.${fraction.slice(0, 18).padEnd(18, '0')}`;
  return /[1-9]/.test(digits) ? sign + digits : digits;
}

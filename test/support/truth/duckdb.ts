/**
 * What a check and the changes have to say, by DuckDB: read by its own readers, added up and compared in its BIGNUM,
 * whole numbers of any length, for its DECIMAL ends at 38 digits.
 *
 * BIGNUM cannot be multiplied, so a ratio is compared by residues: products below 10^162 are equal if they are so
 * modulo nine numbers near 10^18 that have no common divisor.
 */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { CsvColumn } from '../../../sandbox/data/columns.ts';
import { ROW_FIELDS } from '../../../sandbox/data/columns.ts';
import type { Shape } from '../../../sandbox/shape.ts';
import { SCALE } from './amounts.ts';
import { POSITION } from './pairs.ts';

/** A difference by its position: kind, both amounts in units of 10^-SCALE (empty where there is none), and cause. */
export type Found = Map<string, [kind: string, first: string, second: string, cause: string]>;

export interface Told {
  found: Found;
  counts: Record<string, number>;
}

const MODULI = coprimes(9, 10n ** 18n);
/** Of a value's digits, and of each of its three parts. */
const VALUE_DIGITS = 108;
const PART_DIGITS = 36;

/** To be run once on a connection. */
export async function prepare(connection: DuckDBConnection): Promise<void> {
  const part = (at: number): string =>
    `substr(lpad(ltrim(x::VARCHAR, '-'), ${VALUE_DIGITS}, '0'), ${1 + at * PART_DIGITS}, ${PART_DIGITS})::HUGEINT`;
  const shift = `((10::HUGEINT ** 18)::HUGEINT % p)`;
  const shifted = (value: string): string => `((((${value}) * ${shift}) % p * ${shift}) % p)`;
  for (const macro of [
    `scaled(t) AS (CASE WHEN t[1] = '-' THEN '-' ELSE '' END || replace(split_part(t, '.', 1), '-', '')
       || rpad(split_part(t, '.', 2), ${SCALE}, '0'))::BIGNUM`,
    `residue(x, p) AS (${shifted(`(${shifted(`${part(0)} % p`)} + ${part(1)}) % p`)} + ${part(2)}) % p`,
    `sign_of(x) AS CASE WHEN x < 0::BIGNUM THEN -1 ELSE 1 END`,
    `same_product(a, b, c, d) AS sign_of(a) * sign_of(b) = sign_of(c) * sign_of(d) AND list_bool_and(list_transform(
       [${MODULI.join('::HUGEINT, ')}::HUGEINT],
       lambda p: (residue(a, p) * residue(b, p)) % p = (residue(c, p) * residue(d, p)) % p))`,
  ]) {
    await connection.run(`CREATE OR REPLACE MACRO ${macro}`);
  }
}

/** @param rows paths of NDJSON, every field a text. */
export async function readRows(
  connection: DuckDBConnection,
  table: string,
  path: string,
): Promise<void> {
  const columns = ROW_FIELDS.map((name) => `${name}: 'VARCHAR'`).join(', ');
  const read = `read_json(${quoted(path)}, format = 'newline_delimited', columns = {${columns}})`;
  await connection.run(`CREATE OR REPLACE TABLE ${table} AS SELECT * FROM ${read}`);
}

/** @param path a ledger in UTF-8. */
export async function readLedger(
  connection: DuckDBConnection,
  path: string,
  columns: readonly CsvColumn[],
  shape: Shape,
): Promise<void> {
  const names = columns.map((_, at) => `c${at}: 'VARCHAR'`).join(', ');
  const delimiter = shape.csvDelimiter === 'tab' ? '\\t' : shape.csvDelimiter;
  const lineEnd = shape.csvLineEnd === 'crlf' ? '\\r\\n' : '\\n';
  const read = `read_csv(${quoted(path)}, auto_detect = false, header = false, skip = 1, columns = {${names}},
    delim = '${delimiter}', quote = '"', escape = '"', new_line = '${lineEnd}', parallel = false)`;
  const cells = columns.flatMap(({ field }, at) => {
    if (field === undefined) return [];
    const cell = `coalesce(c${at}, '')`;
    const grouping = shape.csvDecimal === ',' ? '.' : ',';
    const amount = `replace(replace(${cell}, '${grouping}', ''), '${shape.csvDecimal}', '.')`;
    return [`${field === 'balanceAmount' ? amount : cell} AS ${field}`];
  });
  await connection.run(`CREATE OR REPLACE TABLE ledger AS SELECT ${cells.join(', ')} FROM ${read}`);
}

const sums = (table: string, fields: readonly string[]): string =>
  `SELECT ${fields.join(', ')}, sum(scaled(balanceAmount)) AS amount FROM ${table} GROUP BY ALL`;
const isSame = (fields: readonly string[]): string =>
  fields.map((name) => `one.${name} = other.${name}`).join(' AND ');

/** All positions of both with their amounts and `difference` (first − second). */
function joined(first: string, second: string, fields: readonly string[]): string {
  const names = fields.map((name) => `coalesce(one.${name}, other.${name}) AS ${name}`).join(', ');
  return `SELECT ${names}, one.amount AS first, other.amount AS second,
    coalesce(one.amount, 0::BIGNUM) - coalesce(other.amount, 0::BIGNUM) AS difference
    FROM (${sums(first, fields)}) one FULL JOIN (${sums(second, fields)}) other ON ${isSame(fields)}`;
}

/** From the table `before` to the table `after`. */
export async function changes(connection: DuckDBConnection): Promise<Told> {
  const all = joined('before', 'after', POSITION);
  const rows = await texts(
    connection,
    `SELECT ${POSITION.join(', ')}, CASE WHEN first IS NULL THEN 'added' WHEN second IS NULL THEN 'removed'
       WHEN difference = 0::BIGNUM THEN 'same' ELSE 'changed' END, first::VARCHAR, second::VARCHAR, '' FROM (${all})`,
  );
  return told(rows, POSITION, { added: 0, removed: 0, changed: 0, same: 0 });
}

/** The table `ledger` against the table `after`. */
export async function check(
  connection: DuckDBConnection,
  fields: readonly string[],
  tolerance: string | undefined,
): Promise<Told> {
  const smaller = `difference < scaled('${tolerance}') AND difference > 0::BIGNUM - scaled('${tolerance}')`;
  const kinds = `CASE ${tolerance === undefined ? '' : `WHEN (first IS NULL OR second IS NULL OR difference <> 0::BIGNUM) AND ${smaller} THEN 'within'`}
    WHEN first IS NULL THEN 'only-at-mks' WHEN second IS NULL THEN 'only-in-ledger'
    WHEN difference = 0::BIGNUM THEN 'same' ELSE 'different' END`;
  const cancels = (by: string): string =>
    `(count(*) FILTER (difference <> 0::BIGNUM) OVER ${by} > 1 AND sum(difference) OVER ${by} = 0::BIGNUM)`;
  const isNumber = `(first IS NOT NULL AND second IS NOT NULL AND first <> 0::BIGNUM AND second <> 0::BIGNUM)`;
  const rows = await texts(
    connection,
    `WITH everything AS (SELECT *, ${kinds} AS kind FROM (${joined('ledger', 'after', fields)})),
     breaks AS (SELECT *, ${cancels('(PARTITION BY mbrAccNo, isin)')} AS of_account, ${cancels('(PARTITION BY isin)')} AS of_isin,
       count(*) FILTER (difference <> 0::BIGNUM) OVER (PARTITION BY isin) > 1
         AND bool_and(${isNumber}) OVER (PARTITION BY isin) AS may_be_ratio,
       min_by(first, rowid_) OVER (PARTITION BY isin) AS first_0, min_by(second, rowid_) OVER (PARTITION BY isin) AS second_0
       FROM (SELECT *, row_number() OVER () AS rowid_ FROM everything WHERE kind NOT IN ('same', 'within'))),
     ratios AS (SELECT isin, bool_and(CASE WHEN may_be_ratio THEN same_product(first, second_0, second, first_0) ELSE false END)
       AS is_ratio FROM breaks GROUP BY isin)
     SELECT ${fields.join(', ')}, kind, first::VARCHAR, second::VARCHAR, '' FROM everything WHERE kind IN ('same', 'within')
     UNION ALL SELECT ${fields.map((name) => `b.${name}`).join(', ')}, kind, first::VARCHAR, second::VARCHAR,
       CASE WHEN difference <> 0::BIGNUM AND of_account THEN 'sub-account' WHEN difference <> 0::BIGNUM AND of_isin THEN 'account'
       WHEN difference <> 0::BIGNUM AND is_ratio THEN 'ratio'
       WHEN (b.mbrAccNo IN (SELECT mbrAccNo FROM ledger)) <> (b.mbrAccNo IN (SELECT mbrAccNo FROM after)) THEN 'unknown-account'
       ELSE '' END FROM breaks b JOIN ratios r ON b.isin = r.isin`,
  );
  const none = { same: 0, within: 0, 'only-in-ledger': 0, 'only-at-mks': 0, different: 0 };
  return told(rows, fields, none);
}

function told(rows: string[][], fields: readonly string[], none: Record<string, number>): Told {
  const counts = { ...none };
  const found: Found = new Map();
  for (const row of rows) {
    const [kind = '', first = '', second = '', cause = ''] = row.slice(fields.length);
    counts[kind] = (counts[kind] ?? 0) + 1;
    if (kind === 'same' || kind === 'within') continue;
    found.set(JSON.stringify(row.slice(0, fields.length)), [kind, first, second, cause]);
  }
  return { found, counts };
}

async function texts(connection: DuckDBConnection, query: string): Promise<string[][]> {
  const rows = (await connection.runAndReadAll(query)).getRows();
  return rows.map((row) => row.map((value) => (value === null ? '' : String(value))));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** So many numbers below `end` of which no two have a common divisor. */
function coprimes(count: number, end: bigint): bigint[] {
  const found: bigint[] = [];
  for (let number = end - 1n; found.length < count; number--) {
    if (found.every((other) => divisor(other, number) === 1n)) found.push(number);
  }
  return found;
}

function divisor(one: bigint, other: bigint): bigint {
  return other === 0n ? one : divisor(other, one % other);
}
